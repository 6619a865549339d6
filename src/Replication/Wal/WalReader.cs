using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Platform.Replication.Wal;

/// <summary>
/// Reads SQLite's write-ahead log (https://sqlite.org/fileformat2.html#walformat) while its owner may be appending:
/// a frame counts only with the run's salts and a right running checksum, a transaction only with its commit frame,
/// so a half-written tail is never seen. Reads are positional and go through one pooled window; nothing is allocated
/// per frame. The WAL carries no advisory locks, so it may be opened and closed beside SQLite (the database file
/// and its -shm may not: closing any handle of those would drop SQLite's locks).
/// </summary>
internal sealed class WalReader : IDisposable
{
    // Most commits are a few pages: one small read gets all of them. Long runs are read in large steps.
    private const int FirstReadBytes = 64 * 1024;
    private const int WindowBytesMax = 1024 * 1024;

    private readonly SafeFileHandle _file;
    private byte[] _window = [];
    private long _windowOffset;
    private int _windowBytes;

    private WalReader(SafeFileHandle file) => _file = file;

    /// <summary>The header that <see cref="TryReadHeader"/> found.</summary>
    public WalHeader Header { get; private set; }

    /// <summary>The size of the file, in bytes; more than is in use after a restart.</summary>
    public long FileBytes => RandomAccess.GetLength(_file);

    /// <summary>Opens the WAL, or returns null when it does not exist.</summary>
    public static WalReader? TryOpen(string path)
    {
        try
        {
            return new WalReader(File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads the header anew, and forgets what was read before. False while there is none: an empty WAL.
    /// Costs one read, of the header and (usually) all that follows the position as well.
    /// </summary>
    public bool TryReadHeader()
    {
        _windowBytes = 0;
        Span<byte> bytes = stackalloc byte[WalHeader.Bytes];
        var isRead = RandomAccess.Read(_file, bytes, 0) == WalHeader.Bytes;
        var isValid = WalHeader.TryRead(isRead ? bytes : [], out var header);
        Header = header;
        return isValid;
    }

    /// <summary>
    /// Walks the frames from <paramref name="from"/>, which belongs to <see cref="Header"/>, adds those of committed
    /// transactions to <paramref name="pages"/>, and stops after the last commit frame, or after the first one that
    /// takes the range to <paramref name="bytesMax"/>.
    /// </summary>
    public WalScan Scan(WalPosition from, WalPageList pages, long bytesMax)
    {
        var header = Header;
        var (end, commit, kept, transactions) = (from, 0u, pages.Count, 0);
        var (offset, checksum) = (from.Offset, from.Checksum);
        _windowBytes = 0;
        while (TryGetFrame(offset, header.FrameBytes, out var frame))
        {
            var fields = WalFrameHeader.Read(frame);
            if (fields.Salts != header.Salts || fields.Page == 0)
            {
                break;
            }

            checksum = checksum.Add(frame[..WalFrameHeader.ChecksummedBytes], header.IsBigEndian)
                .Add(frame[WalFrameHeader.Bytes..], header.IsBigEndian);
            if (checksum != fields.Checksum)
            {
                break;
            }

            pages.Add(fields.Page, (uint)((offset - WalHeader.Bytes) / header.FrameBytes));
            offset += header.FrameBytes;
            if (fields.Commit == 0)
            {
                continue;
            }

            (end, commit, kept) = (new WalPosition(offset, header.Salts, checksum), fields.Commit, pages.Count);
            transactions++;
            if (offset - from.Offset >= bytesMax)
            {
                return new WalScan(end, commit, transactions, HasMore: true);
            }
        }

        pages.Truncate(kept);
        return new WalScan(end, commit, transactions, HasMore: false);
    }

    /// <summary>
    /// The page that a frame holds: from the window when it is still there, else read into
    /// <paramref name="scratch"/>. Valid until the next call of this reader.
    /// </summary>
    public ReadOnlySpan<byte> ReadPage(uint frame, Span<byte> scratch)
    {
        var offset = WalHeader.Bytes + ((long)frame * Header.FrameBytes) + WalFrameHeader.Bytes;
        var pageBytes = Header.PageBytes;
        if (offset >= _windowOffset && offset + pageBytes <= _windowOffset + _windowBytes)
        {
            return _window.AsSpan((int)(offset - _windowOffset), pageBytes);
        }

        var page = scratch[..pageBytes];
        if (ReadFully(page, offset) != pageBytes)
        {
            throw new IOException("The WAL became shorter while it was read: something else checkpointed it.");
        }

        return page;
    }

    public void Dispose()
    {
        ReturnWindow();
        _file.Dispose();
    }

    /// <summary>Gives the window back to the pool until the next scan: an idle database holds no buffer.</summary>
    public void ReturnWindow()
    {
        if (_window.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_window);
        }

        (_window, _windowBytes) = ([], 0);
    }

    private bool TryGetFrame(long offset, int frameBytes, out ReadOnlySpan<byte> frame)
    {
        if (_windowBytes == 0 || offset + frameBytes > _windowOffset + _windowBytes)
        {
            Fill(offset, frameBytes);
        }

        var start = (int)(offset - _windowOffset);
        var isWhole = start + frameBytes <= _windowBytes;
        frame = isWhole ? _window.AsSpan(start, frameBytes) : default;
        return isWhole;
    }

    // Extends the window while there is room, so that the pages of a small group stay in it; then starts it anew.
    private void Fill(long offset, int frameBytes)
    {
        if (_windowBytes == 0)
        {
            var bytes = Math.Max(FirstReadBytes, frameBytes);
            Reserve(bytes);
            (_windowOffset, _windowBytes) = (offset, ReadFully(_window.AsSpan(0, bytes), offset));
            return;
        }

        if (_windowBytes < _window.Length - frameBytes || _window.Length < WindowBytesMax)
        {
            Reserve(WindowBytesMax);
            _windowBytes += ReadFully(_window.AsSpan(_windowBytes), _windowOffset + _windowBytes);
            return;
        }

        (_windowOffset, _windowBytes) = (offset, ReadFully(_window, offset));
    }

    private void Reserve(int bytes)
    {
        if (_window.Length >= bytes)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(bytes);
        _window.AsSpan(0, _windowBytes).CopyTo(larger);
        var used = _windowBytes;
        ReturnWindow();
        (_window, _windowBytes) = (larger, used);
    }

    private int ReadFully(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(_file, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }
}
