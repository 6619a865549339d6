using Platform.Replication.Ltx;

namespace Platform.Replication.Compaction;

/// <summary>
/// Decides which pages of a merge's inputs still exist at its end. A database that shrinks loses the pages above its
/// new size; when it grows again, each page that comes back must be in a later input. A page that is not would be
/// one of before the shrinking, or none: both are refused, because a restore would carry on with them.
/// </summary>
internal sealed class Survivors
{
    /// <summary>Of each input, the smallest size of the database from then on: pages above it were lost.</summary>
    private readonly uint[] _commitMin;
    private readonly uint _commit;
    private readonly uint _lockPage;
    private uint _last;

    public Survivors(List<MergeCursor> cursors)
    {
        _commit = cursors[^1].Header.Commit;
        _lockPage = cursors[^1].Header.LockPage;
        _commitMin = new uint[cursors.Count];
        var min = _commit;
        for (var index = cursors.Count - 1; index >= 0; index--)
        {
            min = Math.Min(min, cursors[index].Header.Commit);
            _commitMin[index] = min;
        }

        // Pages up to the smallest size of all may be missing: the file before the first input can have them.
        _last = min;
    }

    /// <summary>True when the newest version of a page, held by <paramref name="input"/>, still exists.</summary>
    public bool Include(int input, uint page)
    {
        if (page > _commitMin[input])
        {
            return false;
        }

        if (page > _last)
        {
            RequireFollows(page);
            _last = page;
        }

        return true;
    }

    public void Complete() => RequireFollows(_commit + 1UL);

    private void RequireFollows(ulong page)
    {
        var following = _last + 1UL;
        following = following == _lockPage ? following + 1 : following;
        if (page > following)
        {
            throw new LtxException(LtxFault.MissingPage, $"page {following} came into being, but no file holds it.");
        }
    }
}
