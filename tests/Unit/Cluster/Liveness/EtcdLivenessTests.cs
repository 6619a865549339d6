using Platform.Cluster.Store;
using Platform.Cluster.Tests.Store.Etcd;

namespace Platform.Cluster.Tests.Liveness;

/// <summary>With a real cluster of three members; a prefix for each test.</summary>
public sealed class EtcdLivenessTests(EtcdFixture fixture) : LivenessContract, IClassFixture<EtcdFixture>
{
    private protected override async Task<IClusterStore> OpenStoreAsync() => await EtcdFixture.OpenAsync(
        EtcdFixture.Settings(fixture.Cluster) with { Prefix = $"/liveness-{Guid.NewGuid():n}" });
}
