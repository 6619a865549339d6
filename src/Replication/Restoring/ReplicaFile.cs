using Platform.Replication.Ltx;

namespace Platform.Replication.Restoring;

/// <summary>One LTX file of a replica, as a listing shows it.</summary>
/// <param name="Level">0 (one file per commit group) to 9 (snapshots).</param>
/// <param name="Min">Its first transaction; 1 makes it a snapshot, at any level.</param>
/// <param name="Max">Its last transaction.</param>
/// <param name="Timestamp">When that was committed; only plans for a moment look at it.</param>
public readonly record struct ReplicaFile(int Level, Txid Min, Txid Max, DateTimeOffset Timestamp);
