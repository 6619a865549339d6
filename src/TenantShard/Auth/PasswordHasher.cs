using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Auth;

/// <summary>
/// Computes password hashes of all tenants of a node. A hash holds a core for about 50 ms, so only some run at a time
/// and only some wait. Each has a thread of its own: the system shares the cores among them and everybody else's
/// requests, and the thread pool never waits for a hash.
/// </summary>
internal sealed class PasswordHasher : IDisposable
{
    private const int UnknownCost = 10;

    private readonly SemaphoreSlim _slots;
    private readonly int _waitingMax;
    private readonly Lazy<string> _unknown = new(() => Bcrypt.Hash("nobody has this password", UnknownCost));
    private int _waiting;

    /// <param name="concurrencyMax">Hashes at the same time; 0 = one for each core.</param>
    /// <param name="waitingMax">Callers that may wait.</param>
    public PasswordHasher(int concurrencyMax, int waitingMax)
    {
        _slots = new SemaphoreSlim(concurrencyMax > 0 ? concurrencyMax : Environment.ProcessorCount);
        _waitingMax = waitingMax;
    }

    /// <exception cref="ApiException">429 when too many are waiting.</exception>
    public Task<string> HashAsync(string password, int cost, CancellationToken cancellationToken) =>
        RunAsync(() => Bcrypt.Hash(password, cost), cancellationToken);

    /// <summary>
    /// Compares a password with a stored hash. An empty hash, of a record that does not exist, takes as long as any.
    /// </summary>
    /// <exception cref="ApiException">429 when too many are waiting.</exception>
    public Task<bool> VerifyAsync(string password, string hash, CancellationToken cancellationToken) =>
        RunAsync(
            () => Bcrypt.Verify(password, hash.Length == 0 ? _unknown.Value : hash) && hash.Length > 0,
            cancellationToken);

    public void Dispose() => _slots.Dispose();

    private async Task<T> RunAsync<T>(Func<T> hash, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > _waitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ApiException(429, "Too many logins at the same time.") { RetryAfterSeconds = 1 };
        }

        try
        {
            await _slots.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return await Task.Factory.StartNew(
                hash, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _slots.Release();
        }
    }
}
