using Platform.Messages.Identity;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Auth;

/// <summary>
/// Computes password hashes of all tenants of a node. A hash holds a core for about 50 ms, so only some run at a time
/// and only some wait, tenants in turns (<see cref="PasswordTurns"/>). Each has a thread of its own: the system shares
/// the cores among them and everybody else's requests, and the thread pool never waits for a hash.
/// </summary>
internal sealed class PasswordHasher
{
    private const int UnknownCost = 10;

    private readonly PasswordTurns _turns;
    private readonly Lazy<string> _unknown = new(() => Bcrypt.Hash("nobody has this password", UnknownCost));

    /// <param name="concurrencyMax">Hashes at the same time; 0 = one for each core.</param>
    /// <param name="waitingMax">Callers of one tenant that may wait.</param>
    public PasswordHasher(int concurrencyMax, int waitingMax) =>
        _turns = new PasswordTurns(concurrencyMax > 0 ? concurrencyMax : Environment.ProcessorCount, waitingMax);

    /// <exception cref="ApiException">429 when too many are waiting.</exception>
    public Task<string> HashAsync(TenantId tenant, string password, int cost, CancellationToken cancellationToken) =>
        RunAsync(tenant, () => Bcrypt.Hash(password, cost), cancellationToken);

    /// <summary>
    /// Compares a password with a stored hash. An empty hash, of a record that does not exist, takes as long as any.
    /// </summary>
    /// <exception cref="ApiException">429 when too many are waiting.</exception>
    public Task<bool> VerifyAsync(TenantId tenant, string password, string hash, CancellationToken cancellationToken) =>
        RunAsync(
            tenant,
            () => Bcrypt.Verify(password, hash.Length == 0 ? _unknown.Value : hash) && hash.Length > 0,
            cancellationToken);

    private async Task<T> RunAsync<T>(TenantId tenant, Func<T> hash, CancellationToken cancellationToken)
    {
        await _turns.EnterAsync(tenant, cancellationToken);
        try
        {
            return await Task.Factory.StartNew(
                hash, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _turns.Leave();
        }
    }
}
