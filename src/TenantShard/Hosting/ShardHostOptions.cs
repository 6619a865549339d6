using Platform.Replication.Maintenance;

namespace Platform.TenantShard.Hosting;

/// <summary>Limits of a node's shards. Every queue, wait and cache of the shard engine is bounded by one of these.</summary>
public sealed record ShardHostOptions
{
    /// <summary>The folder of local copies, one sub-folder per tenant.</summary>
    public required string CachePath { get; init; }

    /// <summary>
    /// Most bytes of local copies; the least recently used of closed tenants are deleted. 0 = what leaves a tenth of the
    /// disk free.
    /// </summary>
    public long CacheBytesMax { get; init; } = long.MaxValue;

    /// <summary>How often the local copies are measured.</summary>
    public TimeSpan CacheLookInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>This node's name, written into fencing records.</summary>
    public required string NodeId { get; init; }

    /// <summary>Open shards; the least recently used one is evicted for one more.</summary>
    public int ActiveMax { get; init; } = 200;

    /// <summary>
    /// Open shards that hold files, about 6 to 8 each: of more than this the least recently used ones rest. A shard at
    /// rest is open in every other way, and opens its files with its next request.
    /// </summary>
    public int AwakeMax { get; init; } = 1000;

    /// <summary>Memory of all SQLite connections, in bytes; above it shards are evicted.</summary>
    public long MemoryBudgetBytes { get; init; } = 1L << 30;

    /// <summary>
    /// What running statements may take of memory beyond <see cref="MemoryBudgetBytes"/>, together, in bytes; above three
    /// quarters of it the longest running one is stopped. A limit of the process: the last host's. 0 = unlimited.
    /// </summary>
    public long StatementMemoryBytes { get; init; }

    /// <summary>A shard without requests for this long is closed; after a tenth of it, it rests.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Writes that may wait in one shard's mailbox; one more is refused with 503.</summary>
    public int MailboxLength { get; init; } = 1024;

    /// <summary>Writes in one transaction.</summary>
    public int GroupCommandsMax { get; init; } = 256;

    /// <summary>How long a group waits for writers that are about to be back; zero: never.</summary>
    public TimeSpan GroupWaitMax { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How long a write may wait for its durability before it is answered with 503.</summary>
    public TimeSpan WriteDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one read or one group of writes may run in SQLite.</summary>
    public TimeSpan StatementDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request waits for its shard to open.</summary>
    public TimeSpan ActivationDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Statements that run at once on the node; 0 = twice the processors, at least 4.</summary>
    public int SqliteSlots { get; init; }

    /// <summary>Reads of one shard that may wait for a slot.</summary>
    public int ReadersWaitingMax { get; init; } = 1024;

    /// <summary>The WAL is checkpointed when it is at least this large and all of it is shipped, in bytes.</summary>
    public long CheckpointWalBytes { get; init; } = 4 << 20;

    /// <summary>Committed but unshipped WAL of a shard in local durability, in bytes; above it writes get 503.</summary>
    public long UnshippedBytesMax { get; init; } = 64 << 20;

    /// <summary>How often shards in local durability ship.</summary>
    public TimeSpan LocalShipInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Page cache of one connection, in KiB.</summary>
    public int PageCacheKiB { get; init; } = 2048;

    /// <summary>Shards that are closed or shipped at once by maintenance and shutdown.</summary>
    public int MaintenanceParallelism { get; init; } = 16;

    /// <summary>
    /// Closed tenants whose replicas are remembered, so that opening them again costs no request; a few kilobytes each.
    /// </summary>
    public int RememberedMax { get; init; } = 4096;

    /// <summary>
    /// Parts of replicas, of up to 4 MiB each, that all activations together hold in memory: when a node takes over the
    /// tenants of another one, hundreds are restored at once.
    /// </summary>
    public int RestorePartsMax { get; init; } = 64;

    /// <summary>When replicas are merged and snapshots written, and what of them is kept.</summary>
    public UpkeepOptions Upkeep { get; init; } = new();

    /// <summary>
    /// How long a file stays after its record gave it up: at least as long as a moment that names it can be restored.
    /// </summary>
    public TimeSpan FileRetention { get; init; } = TimeSpan.FromHours(24.25);

    /// <summary>How often shards are asked whether their replica needs upkeep; asking costs no request.</summary>
    public TimeSpan UpkeepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Replicas that are kept up at once: each may take twice a merge's bytes of memory.</summary>
    public int UpkeepParallelism { get; init; } = 2;

    /// <summary>
    /// How often the replica of one shard that was written to, at random, is verified at the cost of a restore; zero for
    /// never.
    /// </summary>
    public TimeSpan ScrubInterval { get; init; } = TimeSpan.FromMinutes(10);
}
