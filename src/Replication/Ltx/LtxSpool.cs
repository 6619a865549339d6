using Microsoft.Win32.SafeHandles;

namespace Platform.Replication.Ltx;

/// <summary>
/// Writes one LTX file: a small one stays in memory, a larger one goes to the disk while it grows, so that a file of any
/// size takes no more memory than <see cref="InMemoryBytesMax"/> and its index (a few bytes a page).
/// </summary>
/// <param name="path">Where a large one goes. What is there is removed: nobody reads it any more.</param>
internal sealed class LtxSpool(string path) : IDisposable
{
    /// <summary>A file that is larger is not kept in memory.</summary>
    public const int InMemoryBytesMax = 4 << 20;

    /// <summary>What is gathered of it before it is written.</summary>
    private const int PieceBytes = 1 << 20;

    private readonly LtxWriter _writer = new();
    private SafeFileHandle? _file;
    private long _drainedBytes;

    /// <summary>The path of the file when it is on the disk; null when it is in <see cref="Content"/>.</summary>
    public string? Path { get; private set; }

    /// <summary>The file when it is in memory; its last part otherwise.</summary>
    public ReadOnlyMemory<byte> Content { get; private set; }

    /// <summary>Its size, once it is complete.</summary>
    public long Bytes { get; private set; }

    /// <summary>Starts the file.</summary>
    public void Begin(in LtxHeader header) => _writer.Begin(header);

    /// <summary>Adds the next page.</summary>
    public void AddPage(uint number, ReadOnlySpan<byte> page)
    {
        _writer.AddPage(number, page);
        if (_writer.Length > (_file is null ? InMemoryBytesMax : PieceBytes))
        {
            Drain();
        }
    }

    /// <summary>Ends the file.</summary>
    public void Complete()
    {
        Content = _writer.Complete();
        Bytes = _drainedBytes + Content.Length;
        if (_file is not null)
        {
            _writer.WriteTo(_file);
            _file.Dispose();
            _file = null;
        }
    }

    /// <summary>Gives memory and disk back. Nobody reads the file any more, unless it has it open.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _file?.Dispose();
        if (Path is not null)
        {
            File.Delete(Path);
            Path = null;
        }
    }

    private void Drain()
    {
        if (_file is null)
        {
            // Another file, not the same one anew: an upload that was given up may still be reading that.
            File.Delete(path);
            _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            Path = path;
        }

        _drainedBytes += _writer.Length;
        _writer.DrainTo(_file);
    }
}
