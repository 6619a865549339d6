using System.Runtime.CompilerServices;
using Platform.Cluster.Store;

namespace Platform.Cluster.Tests.Membership;

/// <summary>A process's way to a real store, which a test can cut: calls hang until their token ends them.</summary>
internal sealed class CutOffStore(IClusterStore store) : IClusterStore
{
    private volatile TaskCompletionSource _open = Opened();

    public string Description => store.Description;

    public void Cut() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Heal()
    {
        _open.TrySetResult();
    }

    public async Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken) =>
        await (await PassAsync(cancellationToken)).GetAsync(key, cancellationToken);

    public async Task<StorePage> ListAsync(
        string prefix, string? startAfter, int limit, CancellationToken cancellationToken) =>
        await (await PassAsync(cancellationToken)).ListAsync(prefix, startAfter, limit, cancellationToken);

    public async Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancellationToken) =>
        await (await PassAsync(cancellationToken)).CommitAsync(transaction, cancellationToken);

    public async Task<StoreLease> GrantLeaseAsync(TimeSpan ttl, CancellationToken cancellationToken) =>
        await (await PassAsync(cancellationToken)).GrantLeaseAsync(ttl, cancellationToken);

    public async Task RenewLeaseAsync(long leaseId, CancellationToken cancellationToken) =>
        await (await PassAsync(cancellationToken)).RenewLeaseAsync(leaseId, cancellationToken);

    public async Task RevokeLeaseAsync(long leaseId, CancellationToken cancellationToken) =>
        await (await PassAsync(cancellationToken)).RevokeLeaseAsync(leaseId, cancellationToken);

    public async IAsyncEnumerable<StoreChanges> WatchAsync(
        string prefix, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var changes in store.WatchAsync(prefix, fromRevision, cancellationToken))
        {
            await PassAsync(cancellationToken);
            yield return changes;
        }
    }

    /// <summary>The store itself belongs to the test.</summary>
    public ValueTask DisposeAsync() => default;

    private async Task<IClusterStore> PassAsync(CancellationToken cancellationToken)
    {
        await _open.Task.WaitAsync(cancellationToken);
        return store;
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }
}
