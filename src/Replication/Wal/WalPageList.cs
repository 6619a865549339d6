using System.Buffers;

namespace Platform.Replication.Wal;

/// <summary>
/// Which frame holds the last version of each page in a range of a WAL. Frames are added in order, transactions that
/// did not commit are dropped again, and <see cref="Seal"/> keeps the last frame of each page, ascending by page.
/// One number a frame (page in the high half, frame in the low half), so that sorting needs neither a comparer nor
/// memory.
/// </summary>
internal sealed class WalPageList : IDisposable
{
    private const int EntriesMin = 256;

    private ulong[] _entries = ArrayPool<ulong>.Shared.Rent(EntriesMin);

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>The page of an entry.</summary>
    public uint PageAt(int index) => (uint)(_entries[index] >> 32);

    /// <summary>The frame of an entry, counted from 0.</summary>
    public uint FrameAt(int index) => (uint)_entries[index];

    /// <summary>Adds a frame.</summary>
    public void Add(uint page, uint frame)
    {
        if (Count == _entries.Length)
        {
            Grow();
        }

        _entries[Count++] = ((ulong)page << 32) | frame;
    }

    /// <summary>Drops what was added after the first <paramref name="count"/> entries.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);

    /// <summary>Keeps the last frame of each page up to <paramref name="commit"/>, in ascending order.</summary>
    public void Seal(uint commit)
    {
        var entries = _entries.AsSpan(0, Count);
        entries.Sort();
        var kept = 0;
        for (var index = 0; index < entries.Length; index++)
        {
            var page = (uint)(entries[index] >> 32);
            if (page > commit)
            {
                break;
            }

            if (index + 1 == entries.Length || (uint)(entries[index + 1] >> 32) != page)
            {
                entries[kept++] = entries[index];
            }
        }

        Count = kept;
    }

    /// <summary>The frame of a page in a sealed list; -1 when it is not there.</summary>
    public long FindFrame(uint page)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = PageAt(middle);
            if (found == page)
            {
                return FrameAt(middle);
            }

            (low, high) = found < page ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    public void Dispose()
    {
        Count = 0;
        ArrayPool<ulong>.Shared.Return(Interlocked.Exchange(ref _entries, []));
    }

    private void Grow()
    {
        var larger = ArrayPool<ulong>.Shared.Rent(_entries.Length * 2);
        _entries.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<ulong>.Shared.Return(_entries);
        _entries = larger;
    }
}
