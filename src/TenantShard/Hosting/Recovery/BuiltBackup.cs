using Platform.Replication.Ltx;
using Platform.Replication.Rewinding;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>A backup on local disk, to be stored somewhere. Disposing of it frees the disk.</summary>
internal sealed class BuiltBackup(ScratchFolder folder, string path, PastImage? image, int files) : IDisposable
{
    public string Path { get; } = path;

    public long Bytes { get; } = new FileInfo(path).Length;

    /// <summary>The transaction that it is at; none when the tenant was never written to.</summary>
    public Txid Txid => image?.Txid ?? default;

    /// <summary>When that was committed.</summary>
    public DateTimeOffset? Time => image?.Time;

    /// <summary>Files of records in it.</summary>
    public int Files { get; } = files;

    public void Dispose() => folder.Dispose();
}
