using Platform.Replication.Ltx;

namespace Platform.Replication.Rewinding;

/// <summary>A state of the database that its replica can give, exactly.</summary>
/// <param name="Txid">The transaction that the state ends with.</param>
/// <param name="Level">The lowest level that has a file which ends there: 0 is the transaction itself.</param>
/// <param name="Bytes">The size of that file.</param>
/// <param name="IsSnapshot">True when one file alone gives the state.</param>
public sealed record RetainedPoint(Txid Txid, int Level, long Bytes, bool IsSnapshot);
