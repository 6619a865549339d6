using System.Collections.Concurrent;
using System.Diagnostics;
using Platform.ClusterFaults.Tests.Checking;

namespace Platform.ClusterFaults.Tests.Load;

/// <summary>What all clients of one tenant asked and learned, on one clock.</summary>
internal sealed class History
{
    private readonly ConcurrentQueue<Operation> _operations = new();
    private readonly Lock _lock = new();
    private long _lastAcknowledged;
    private long _acknowledged;
    private TimeSpan _longestPause;

    public IReadOnlyCollection<Operation> Operations => _operations;

    /// <summary>Writes that were answered with success.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>The longest time without an acknowledged write.</summary>
    public TimeSpan LongestPause
    {
        get
        {
            lock (_lock) return _longestPause;
        }
    }

    public static long Now => Stopwatch.GetTimestamp();

    public void Add(Operation operation)
    {
        _operations.Enqueue(operation);
        var isWrite = operation.Kind is OperationKind.Create or OperationKind.Add or OperationKind.Claim;
        if (!isWrite || operation.Outcome != Outcome.Acknowledged) return;
        Interlocked.Increment(ref _acknowledged);
        lock (_lock)
        {
            if (_lastAcknowledged == 0) _lastAcknowledged = operation.Started;
            var pause = Stopwatch.GetElapsedTime(_lastAcknowledged, operation.Ended);
            if (pause > _longestPause) _longestPause = pause;
            _lastAcknowledged = Math.Max(_lastAcknowledged, operation.Ended);
        }
    }
}
