using Platform.Replication.ObjectStore;

namespace Platform.Conformance.Tests.ObjectStores;

/// <summary>The contract on a real S3 server, in a bucket of its own for each test, below a prefix.</summary>
[Collection(S3Tests.Name)]
[Trait("needs", "s3")]
public sealed class S3ObjectStoreConformance(S3ServerFixture fixture)
    : ObjectStoreConformance, IAsyncLifetime, IDisposable
{
    private S3ObjectStore _store = null!;
    private S3ObjectStore _other = null!;

    protected override IObjectStore Store => _store;

    protected override IObjectStore OtherClient => _other;

    public async Task InitializeAsync()
    {
        var options = fixture.Server.Options(await fixture.Server.CreateBucketAsync()) with { Prefix = "some/prefix" };
        _store = new S3ObjectStore(options, TimeProvider.System);
        _other = new S3ObjectStore(options, TimeProvider.System);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _store.Dispose();
        _other.Dispose();
    }
}
