using Platform.Replication.ObjectStore;
using Platform.Testing;

namespace Platform.Conformance.Tests.ObjectStores;

/// <summary>The contract on a folder; what only folders have is in the unit tests of Replication.</summary>
public sealed class FolderObjectStoreConformance : ObjectStoreConformance, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FolderObjectStore _store;
    private readonly FolderObjectStore _other;

    public FolderObjectStoreConformance()
    {
        _store = new FolderObjectStore(_folder["objects"]);
        _other = new FolderObjectStore(_folder["objects"]);
    }

    protected override IObjectStore Store => _store;

    protected override IObjectStore OtherClient => _other;

    public void Dispose()
    {
        _store.Dispose();
        _other.Dispose();
        _folder.Dispose();
    }
}
