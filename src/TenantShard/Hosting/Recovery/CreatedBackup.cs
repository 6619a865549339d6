using Platform.Replication.Ltx;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>A backup that was made.</summary>
/// <param name="Name">Its name, which ends in <c>.zip</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Txid">The transaction that it is at; none when the tenant was never written to.</param>
/// <param name="Time">When that was committed.</param>
/// <param name="Files">Files of records in it.</param>
public sealed record CreatedBackup(string Name, long Bytes, Txid Txid, DateTimeOffset? Time, int Files);
