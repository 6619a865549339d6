namespace Platform.Cluster.Modes;

/// <summary>Owns the loops of a node: started together, stopped and awaited together.</summary>
internal sealed class BackgroundTasks : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];
    private bool _isClosed;

    /// <summary>
    /// Runs a loop until the stop. A loop that fails makes the stop fail: its own failures are its own business.
    /// </summary>
    public void Start(Func<CancellationToken, Task> loop) => _running.Add(Task.Run(() => loop(_stopping.Token)));

    public async ValueTask DisposeAsync()
    {
        if (_isClosed) return;
        _isClosed = true;
        await _stopping.CancelAsync();
        await Task.WhenAll(_running);
        _stopping.Dispose();
    }
}
