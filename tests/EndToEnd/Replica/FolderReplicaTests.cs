using Platform.EndToEnd.Tests.Support;

namespace Platform.EndToEnd.Tests.Replica;

/// <summary>What a running platform wrote is a Litestream replica: nobody is locked in.</summary>
[Collection(SharedPlatformCollection.Name)]
public sealed class FolderReplicaTests(SharedPlatform platform)
{
    [Fact]
    public async Task Stock_litestream_reads_and_restores_a_tenant_from_the_folder()
    {
        var id = platform.NextTenantId("replica");
        await ReplicaLoad.WriteAsync(platform.Process, id);
        var replica = Path.Combine(platform.Process.ObjectsFolder, "tenants", id, "data.db");
        await StockLitestream.AssertReadsAsync(["--file", replica], ReplicaLoad.Checks);
    }
}
