namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>A folder of one operation.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private ScratchSpace? _space;

    public ScratchFolder(ScratchSpace space, string path)
    {
        _space = space;
        Path = Directory.CreateDirectory(path).FullName;
    }

    public string Path { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _space, null) is not { } space) return;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        finally
        {
            space.Leave();
        }
    }
}
