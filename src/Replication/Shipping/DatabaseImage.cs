using Platform.Replication.Wal;

namespace Platform.Replication.Shipping;

/// <summary>
/// The database as of a commit, as SQLite's readers see it and as a checkpoint would leave it: a page's last frame in
/// the WAL up to that commit, else what the file holds, else zeros. Stays consistent while no checkpoint runs.
/// </summary>
/// <param name="file">The database file.</param>
/// <param name="wal">The WAL; null when the file alone is the database.</param>
/// <param name="frames">The sealed list of the WAL's frames, from its start to the commit.</param>
internal sealed class DatabaseImage(DatabaseFile file, WalReader? wal, WalPageList frames)
{
    /// <summary>The page, in <paramref name="scratch"/> (exactly one page) or in the reader's own buffer.</summary>
    public ReadOnlySpan<byte> ReadPage(uint page, Span<byte> scratch)
    {
        if (wal is not null && frames.FindFrame(page) is >= 0 and var frame)
        {
            return wal.ReadPage((uint)frame, scratch);
        }

        file.ReadPage(page, scratch);
        return scratch;
    }
}
