namespace Platform.Testing.ObjectStores;

/// <summary>Holds calls until it is opened, so that a test can look at the world in just that moment.</summary>
public sealed class ObjectGate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly Func<ObjectOperations, string, bool> _isHeld;

    internal ObjectGate(Func<ObjectOperations, string, bool> isHeld, bool isBehindTheStore)
    {
        _isHeld = isHeld;
        IsBehindTheStore = isBehindTheStore;
    }

    internal bool IsBehindTheStore { get; }

    /// <summary>Waits for one more call that is held.</summary>
    public async Task ArrivalAsync(TimeSpan timeout)
    {
        if (!await _arrivals.WaitAsync(timeout))
        {
            throw new TimeoutException("No call arrived at the gate.");
        }
    }

    /// <summary>Lets everything through, also from now on.</summary>
    public void Open() => _opened.TrySetResult();

    internal async Task PassAsync(ObjectOperations operation, string key, CancellationToken cancellationToken)
    {
        if (!_opened.Task.IsCompleted && _isHeld(operation, key))
        {
            _arrivals.Release();
            await _opened.Task.WaitAsync(cancellationToken);
        }
    }
}
