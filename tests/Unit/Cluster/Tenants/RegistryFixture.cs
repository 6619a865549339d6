using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Store;
using Platform.Cluster.Store.Embedded;
using Platform.Cluster.Tenants;
using Platform.Cluster.Tests.Support;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;
using Platform.Testing.ObjectStores;

namespace Platform.Cluster.Tests.Tenants;

/// <summary>A registry over a real store and a real folder, whose object storage can be made to fail.</summary>
internal sealed class RegistryFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderObjectStore _objects;
    private readonly EmbeddedStore _store;

    private RegistryFixture(int historyRevisionsMax, FaultyObjectStore? objects = null)
    {
        _objects = new FolderObjectStore(_folder.File("objects"));
        Objects = objects ?? new FaultyObjectStore(_objects);
        _store = EmbeddedStore.Open(
            _folder.File("cluster.db"), historyRevisionsMax, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);
    }

    public FaultyObjectStore Objects { get; }

    public IClusterStore Store => _store;

    public RegistryParts Parts { get; private set; } = null!;

    public TenantRegistry Registry => Parts.Registry;

    public static async Task<RegistryFixture> OpenAsync(int historyRevisionsMax = 10_000)
    {
        var fixture = new RegistryFixture(historyRevisionsMax);
        fixture.Parts = await fixture.OpenPartsAsync();
        return fixture;
    }

    /// <summary>A registry that is empty, on the object storage of another one; so many processes open it at once.</summary>
    public static async Task<RegistryFixture> OpenOnAsync(FaultyObjectStore objects, int processes = 1)
    {
        var fixture = new RegistryFixture(historyRevisionsMax: 10_000, objects);
        var all = await Task.WhenAll(Enumerable.Range(0, processes).Select(_ => Task.Run(fixture.OpenPartsAsync)));
        fixture.Parts = all[0];
        return fixture;
    }

    /// <summary>A second copy of everything in memory, as another process would have it.</summary>
    public Task<RegistryParts> OpenPartsAsync() => RegistryParts.OpenAsync(
        Store, Objects, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

    public Task<RegistryAnswer> CreateAsync(string? id, params string[] domains) => Registry.CreateAsync(
        new TenantDraft
        {
            Id = id is null ? null : TenantId.Parse(id),
            Domains = domains,
            Durability = Durability.Replicated,
            Quotas = new TenantQuotas(),
            Metadata = new Dictionary<string, string>(),
        },
        CancellationToken.None);

    /// <summary>What object storage says about a tenant; null when it has no copy.</summary>
    public async Task<TenantDescriptor?> ReadCopyAsync(string id) =>
        await _objects.GetAsync($"tenants/{id}/metadata.json", 1 << 20, CancellationToken.None) is { } stored
            ? TenantJson.Read(stored)
            : null;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _objects.Dispose();
        _folder.Dispose();
    }
}
