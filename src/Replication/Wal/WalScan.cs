namespace Platform.Replication.Wal;

/// <summary>What <see cref="WalReader.Scan"/> found between two positions.</summary>
/// <param name="End">After the last committed transaction; the start of the scan when there was none.</param>
/// <param name="Commit">The size of the database in pages after it; 0 when there was none.</param>
/// <param name="Transactions">How many commits there were.</param>
/// <param name="HasMore">True when the scan stopped at its limit, not at the end of what is committed.</param>
internal readonly record struct WalScan(WalPosition End, uint Commit, int Transactions, bool HasMore);
