using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Store;
using Platform.Cluster.Store.Embedded;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Liveness;

public sealed class EmbeddedLivenessTests : LivenessContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<IClusterStore> OpenStoreAsync() => Task.FromResult<IClusterStore>(EmbeddedStore.Open(
        _folder.File("cluster.db"), 10_000, TimeProvider.System, NullLogger<EmbeddedStore>.Instance));
}
