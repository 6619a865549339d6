using Platform.TenantShard.PocketBaseData;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>
/// An upload on local disk, checked and ready to become a tenant's content. Disposing of it frees the disk.
/// </summary>
public sealed class StagedImport : IDisposable
{
    private readonly ScratchFolder _folder;

    internal StagedImport(ScratchFolder folder, PreparedImport prepared) => (_folder, Prepared) = (folder, prepared);

    /// <summary>What is in it, and what was left out.</summary>
    public ImportReport Report => Prepared.Report;

    internal PreparedImport Prepared { get; }

    internal string ScratchPath => _folder.Path;

    public void Dispose()
    {
        Prepared.Dispose();
        _folder.Dispose();
    }
}
