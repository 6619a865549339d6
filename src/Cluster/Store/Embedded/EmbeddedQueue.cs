using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Platform.Cluster.Store.Embedded;

/// <summary>
/// One thread that owns the database: what is queued while it writes is committed together with the next disk sync.
/// A thread, not a task, because SQLite blocks.
/// </summary>
internal sealed class EmbeddedQueue : IAsyncDisposable
{
    /// <summary>Callers wait for the answer of each request, so this many waiting means that the disk hangs.</summary>
    private const int LengthMax = 4096;

    /// <summary>Requests per disk sync: enough to amortise it, few enough to bound the wait of the first.</summary>
    private const int GroupMax = 256;

    private readonly BlockingCollection<Request> _queue = new(LengthMax);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EmbeddedDatabase _database;
    private readonly Action _afterCommit;
    private readonly Action _afterRollback;

    /// <param name="database">Owned by the queue from now on.</param>
    /// <param name="afterCommit">Runs on the thread when a group is on disk, before its callers go on.</param>
    /// <param name="afterRollback">Runs on the thread when a group was undone.</param>
    public EmbeddedQueue(EmbeddedDatabase database, Action afterCommit, Action afterRollback)
    {
        _database = database;
        _afterCommit = afterCommit;
        _afterRollback = afterRollback;
        new Thread(Run) { IsBackground = true, Name = "cluster-store" }.Start();
    }

    /// <summary>Runs <paramref name="work"/> on the thread, inside the transaction of its group.</summary>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = new Request(() => work());
        try
        {
            if (!_queue.TryAdd(request, 0, CancellationToken.None))
                throw new ClusterStoreException("The cluster store has too many requests waiting.");
        }
        catch (InvalidOperationException)
        {
            throw new ClusterStoreException("The cluster store is closed.");
        }

        return (T)(await request.Completion.Task.WaitAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        await _ended.Task;
        _queue.Dispose();
        _database.Dispose();
    }

    private void Run()
    {
        var group = new List<Request>(GroupMax);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            while (group.Count < GroupMax && _queue.TryTake(out var next)) group.Add(next);
            RunGroup(group);
        }

        _ended.SetResult();
    }

    private void RunGroup(List<Request> group)
    {
        try
        {
            _database.Execute("BEGIN IMMEDIATE");
            foreach (var request in group) request.Run();
            _database.Execute("COMMIT");
            _afterCommit();
            foreach (var request in group) request.Complete();
        }
#pragma warning disable CA1031 // The thread is supervised here: a failure must not end it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // Every caller of the group is told, and the next group may succeed.
            Undo(group, failure);
        }
    }

    private void Undo(List<Request> group, Exception failure)
    {
        try
        {
            _database.Rollback();
            _afterRollback();
        }
        catch (ClusterStoreException)
        {
            // The first failure is the one to report; the next group fails by itself if the file is unusable.
        }

        foreach (var request in group) request.Completion.TrySetException(failure);
    }

    /// <summary>
    /// What a caller waits for. A refusal of its own is its alone; a failure of the store ends the group.
    /// </summary>
    private sealed class Request(Func<object?> work)
    {
        private object? _result;
        private ExceptionDispatchInfo? _refusal;

        public TaskCompletionSource<object?> Completion { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Run()
        {
            try
            {
                _result = work();
            }
            catch (Exception refusal) when (refusal is StoreCompactedException or StoreLeaseNotFoundException)
            {
                _refusal = ExceptionDispatchInfo.Capture(refusal);
            }
        }

        public void Complete()
        {
            if (_refusal is null) Completion.TrySetResult(_result);
            else Completion.TrySetException(_refusal.SourceException);
        }
    }
}
