using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Platform.Replication.Ltx;

namespace Platform.Replication.Restoring;

/// <summary>Applies LTX files, oldest first, to a database file that is being made.</summary>
/// <param name="file">The file; empty, or a copy of the database as it was before the first LTX file.</param>
/// <param name="fileBytes">The size of that copy; 0 for none.</param>
/// <param name="pageBytes">The page size of that copy; 0 for none.</param>
internal sealed class FileApplier(SafeFileHandle file, long fileBytes = 0, int pageBytes = 0) : IDisposable
{
    // Pages of one file ascend, so neighbours are gathered into large writes.
    private const int RunBytes = 256 * 1024;

    private byte[] _run = ArrayPool<byte>.Shared.Rent(RunBytes);
    private long _runOffset;
    private int _runBytes;
    private long _fileBytes = fileBytes;
    private int _pageBytes = pageBytes;

    /// <summary>The header of the last file applied.</summary>
    public LtxHeader Header { get; private set; }

    /// <summary>The checksum of the last file applied.</summary>
    public ulong Checksum { get; private set; }

    /// <summary>Applies one file; after it returns the file was whole and undamaged.</summary>
    /// <exception cref="LtxException">It is damaged, or of another database; what is being made is of no use.</exception>
    public async Task ApplyAsync(ListedFile listed, Stream content, CancellationToken cancellationToken)
    {
        using var reader = await LtxReader.OpenAsync(content, cancellationToken);
        var header = reader.Header;
        RequireFits(listed, header);
        _runBytes = 0;
        while (true)
        {
            if (_runBytes + header.PageSize > _run.Length)
            {
                WriteRun();
            }

            var number = await reader.ReadPageAsync(_run.AsMemory(_runBytes, header.PageSize), cancellationToken);
            if (number == 0)
            {
                break;
            }

            Gather((number - 1L) * header.PageSize, header.PageSize);
        }

        WriteRun();
        Resize((long)header.Commit * header.PageSize);
        (Header, Checksum, _pageBytes) = (header, reader.FileChecksum, header.PageSize);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _run, []));

    private void RequireFits(ListedFile listed, in LtxHeader header)
    {
        if (header.MinTxid != listed.File.Min || header.MaxTxid != listed.File.Max)
        {
            throw new LtxException(
                LtxFault.BadTxidRange, $"by its header it holds {header.MinTxid}-{header.MaxTxid}, against its name.");
        }

        if (_pageBytes != 0 && _pageBytes != header.PageSize)
        {
            throw new LtxException(
                LtxFault.PageSizeMismatch,
                $"its pages have {header.PageSize} bytes, those of what was before it {_pageBytes}.");
        }
    }

    // The page was read to the end of the run. If it is no neighbour, what was before it is written first.
    private void Gather(long offset, int bytes)
    {
        if (_runBytes > 0 && offset != _runOffset + _runBytes)
        {
            var page = _run.AsSpan(_runBytes, bytes);
            WriteRun();
            page.CopyTo(_run);
        }

        if (_runBytes == 0)
        {
            _runOffset = offset;
        }

        _runBytes += bytes;
    }

    private void WriteRun()
    {
        if (_runBytes > 0)
        {
            RandomAccess.Write(file, _run.AsSpan(0, _runBytes), _runOffset);
            _fileBytes = Math.Max(_fileBytes, _runOffset + _runBytes);
            _runBytes = 0;
        }
    }

    // Also when it grows again later: pages that a shrink dropped must not come back. What no file holds (the lock
    // page) reads as zeros.
    private void Resize(long bytes)
    {
        if (_fileBytes != bytes)
        {
            RandomAccess.SetLength(file, bytes);
            _fileBytes = bytes;
        }
    }
}
