using Platform.Cluster.Store;

namespace Platform.Cluster.Tests.Store.Etcd;

/// <summary>The contract of the port, with a real cluster of three members.</summary>
public sealed class EtcdStoreContractTests(EtcdFixture fixture) : ClusterStoreContract, IClassFixture<EtcdFixture>
{
    protected override async Task<object> OpenAsync() =>
        await EtcdFixture.OpenAsync(EtcdFixture.Settings(fixture.Cluster) with { Prefix = "/contract" });

    protected override Task CloseAsync() => Task.CompletedTask;

    protected override async Task CompactAsync(object store, string prefix)
    {
        var commit = await ((IClusterStore)store).CommitAsync(
            new() { Operations = [StoreOperation.Put(prefix + "newer", default)] }, CancellationToken.None);
        await fixture.Cluster.ControlAsync("compaction", $"{commit.Revision}");
    }
}
