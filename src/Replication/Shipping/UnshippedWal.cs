using Platform.Replication.Wal;

namespace Platform.Replication.Shipping;

/// <summary>What of a WAL the replica does not have yet.</summary>
internal static class UnshippedWal
{
    /// <summary>
    /// Its bytes. An upper bound: it counts a transaction under way, and after a checkpoint in mode RESTART what is left
    /// of the old WAL (mode TRUNCATE leaves nothing).
    /// </summary>
    public static long Bytes(DatabaseFile file, ShippedState state)
    {
        using var wal = WalReader.TryOpen(file.WalPath);
        if (wal is null || !wal.TryReadHeader())
        {
            return 0;
        }

        var shipped = state.Wal.Salts == wal.Header.Salts ? state.Wal.Offset : WalHeader.Bytes;
        return Math.Max(0, wal.FileBytes - shipped);
    }

    /// <summary>True when it holds a committed transaction.</summary>
    public static bool Exists(DatabaseFile file, ShippedState state)
    {
        using var wal = WalReader.TryOpen(file.WalPath);
        if (wal is null || !wal.TryReadHeader())
        {
            return false;
        }

        var from = state.Wal.Salts == wal.Header.Salts ? state.Wal : wal.Header.Start;
        using var frames = new WalPageList();
        return wal.Scan(from, frames, bytesMax: 1).Transactions > 0;
    }
}
