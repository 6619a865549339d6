namespace Platform.TenantShard.Lifecycle;

/// <summary>
/// Where a shard is in its life:
/// <c>Deploying -> Active &lt;-> Idle -> Draining -> Evicted</c>, and from any of them <c>Fenced</c> or <c>Faulted</c>.
/// </summary>
internal enum ShardState
{
    /// <summary>Restoring and opening; requests wait.</summary>
    Deploying,

    Active,

    /// <summary>Open, but without requests for a while: its reader connections are closed.</summary>
    Idle,

    /// <summary>Takes no new requests; queued writes are finished and shipped.</summary>
    Draining,

    /// <summary>Closed; the local copy is a warm cache.</summary>
    Evicted,

    /// <summary>A newer owner exists: closed without acknowledging, the local copy is discarded.</summary>
    Fenced,

    /// <summary>The local copy cannot be trusted (disk or corruption): closed and discarded, restored on demand.</summary>
    Faulted,
}
