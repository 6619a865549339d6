using Platform.Replication.Ltx;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>A state that a tenant can go back to.</summary>
/// <param name="Txid">The transaction that it ends with.</param>
/// <param name="Time">When that was committed.</param>
/// <param name="Level">0: the transaction has its own file; above: the end of a merged file; 9: a snapshot.</param>
/// <param name="Bytes">The size of that file.</param>
/// <param name="IsSnapshot">True when one file alone gives it.</param>
public sealed record HistoryEntry(Txid Txid, DateTimeOffset Time, int Level, long Bytes, bool IsSnapshot);
