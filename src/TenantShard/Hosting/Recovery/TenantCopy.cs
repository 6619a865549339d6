using Platform.Replication.Ltx;
using Platform.Replication.Rewinding;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>A state of a tenant on local disk, to become another tenant. Disposing of it frees the disk.</summary>
public sealed class TenantCopy : IDisposable
{
    private readonly ScratchFolder _folder;

    internal TenantCopy(ScratchFolder folder, string sourcePath, PastImage? image)
    {
        _folder = folder;
        SourcePath = sourcePath;
        Image = image;
    }

    /// <summary>The transaction that was copied; none when the source was never written to.</summary>
    public Txid Txid => Image?.Txid ?? Txid.None;

    /// <summary>When that was committed; null when the source was never written to.</summary>
    public DateTimeOffset? Time => Image?.Time;

    internal string SourcePath { get; }

    /// <summary>Null when the source was never written to: it and its copy are the template.</summary>
    internal PastImage? Image { get; }

    internal string ScratchPath => _folder.Path;

    public void Dispose() => _folder.Dispose();
}
