using Platform.Replication.Ltx;

namespace Platform.Replication.Restoring;

/// <summary>What a restore produced.</summary>
/// <param name="Txid">The transaction that the database is at.</param>
/// <param name="PageBytes">Its page size, in bytes.</param>
/// <param name="Commit">Its size in pages.</param>
/// <param name="Timestamp">When that transaction was committed.</param>
/// <param name="Key">The object that ends with it.</param>
/// <param name="Checksum">The checksum in that object's trailer.</param>
public sealed record RestoredDatabase(
    Txid Txid, int PageBytes, uint Commit, DateTimeOffset Timestamp, string Key, ulong Checksum);
