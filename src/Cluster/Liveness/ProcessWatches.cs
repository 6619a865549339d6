using Platform.Cluster.Membership;

namespace Platform.Cluster.Liveness;

/// <summary>Keeps one watch for each process that is worth one, as the copies of the store change.</summary>
/// <param name="watch">Watches one process.</param>
/// <param name="wanted">Who is to be watched now.</param>
/// <param name="changed">Raised when that may have changed.</param>
/// <param name="time">The clock.</param>
internal sealed class ProcessWatches(
    ProcessWatch watch, Func<IEnumerable<WatchedProcess>> wanted, ChangeSignal changed, TimeProvider time)
{
    /// <summary>Should a change be missed, this is how long it costs.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<WatchedProcess, (CancellationTokenSource Ending, Task Running)> _watches = [];

    /// <summary>Until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await AdjustAsync([.. wanted()], stopping);
                await changed.WaitAsync(LookInterval, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped.
        }
        finally
        {
            await AdjustAsync([], CancellationToken.None);
        }
    }

    private async Task AdjustAsync(HashSet<WatchedProcess> processes, CancellationToken stopping)
    {
        foreach (var process in _watches.Keys.Where(process => !processes.Contains(process)).ToList())
        {
            _watches.Remove(process, out var ended);
            await ended.Ending.CancelAsync();
            await ended.Running;
            ended.Ending.Dispose();
        }

        foreach (var process in processes.Where(process => !_watches.ContainsKey(process)))
        {
            var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            _watches[process] = (ending, watch.RunAsync(process, ending.Token));
        }
    }
}
