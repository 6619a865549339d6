namespace Platform.Cluster.Store;

/// <summary>
/// The small consistent store under the control plane: keys with revisions, guarded transactions, leases and watches.
/// The semantics are those of etcd 3.4, so that a cluster's adapter and the embedded one pass one contract suite. Keys
/// keep <see cref="StoreLimits"/>. Every failure of the store itself is a <see cref="ClusterStoreException"/>.
/// </summary>
internal interface IClusterStore : IAsyncDisposable
{
    /// <summary>A description for logs and errors, without credentials.</summary>
    string Description { get; }

    /// <summary>The key's entry, or null. Sees every transaction that was acknowledged before.</summary>
    Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Up to <paramref name="limit"/> entries whose key starts with <paramref name="prefix"/>, in ordinal order, after
    /// <paramref name="startAfter"/> when given. Pages are not of one moment: to copy a prefix exactly, read all
    /// pages, then watch from the revision after that of the <i>first</i> page and apply by revision.
    /// </summary>
    Task<StorePage> ListAsync(string prefix, string? startAfter, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Applies all operations in one revision if every comparison holds, else none. When it throws, it may have
    /// happened or not: read before trying again.
    /// </summary>
    /// <exception cref="StoreLeaseNotFoundException">A put names a lease that has ended; nothing was
    /// changed.</exception>
    Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancellationToken);

    /// <summary>
    /// Starts a lease: when it is not renewed for <paramref name="ttl"/>, the store deletes the keys attached to it.
    /// The granted time may be longer than asked for; it is never shorter.
    /// </summary>
    Task<StoreLease> GrantLeaseAsync(TimeSpan ttl, CancellationToken cancellationToken);

    /// <summary>Renews a lease for its full time.</summary>
    /// <exception cref="StoreLeaseNotFoundException">It has ended; its keys are gone.</exception>
    Task RenewLeaseAsync(long leaseId, CancellationToken cancellationToken);

    /// <summary>Ends a lease and deletes its keys, in one revision. One that has ended already is no error.</summary>
    Task RevokeLeaseAsync(long leaseId, CancellationToken cancellationToken);

    /// <summary>
    /// Every change of keys under <paramref name="prefix"/> from <paramref name="fromRevision"/> (at least 1, may be in
    /// the future) on, in order, each exactly once, all changes of one revision together. Endless: it ends by
    /// cancellation or an exception.
    /// </summary>
    /// <exception cref="StoreCompactedException">That far back is forgotten: copy the prefix anew.</exception>
    IAsyncEnumerable<StoreChanges> WatchAsync(
        string prefix, long fromRevision, CancellationToken cancellationToken);
}
