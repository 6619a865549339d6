namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>A tenant as a zip of a <c>pb_data</c> folder, on local disk. Disposing of it frees the disk.</summary>
public sealed class TenantExport : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly ScratchFolder _folder;
    private readonly string _path;

    internal TenantExport(ScratchFolder folder, string path)
    {
        (_folder, _path) = (folder, path);
        Bytes = new FileInfo(path).Length;
    }

    /// <summary>The size of the zip.</summary>
    public long Bytes { get; }

    /// <summary>Its content.</summary>
    public Stream OpenRead() => new FileStream(_path, new FileStreamOptions
    {
        BufferSize = BufferBytes,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
    });

    public void Dispose() => _folder.Dispose();
}
