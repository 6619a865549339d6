namespace Platform.TenantShard.Hosting;

/// <summary>The host in numbers, for heartbeats and status pages.</summary>
/// <param name="Active">Open shards.</param>
/// <param name="ActiveMax">The limit of open shards.</param>
/// <param name="UnshippedBytes">Committed WAL that object storage does not have yet.</param>
/// <param name="SqliteBytes">Memory of all SQLite connections.</param>
public sealed record ShardHostStatus(int Active, int ActiveMax, long UnshippedBytes, long SqliteBytes);
