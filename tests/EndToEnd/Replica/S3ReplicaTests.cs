using Platform.EndToEnd.Tests.Durability;

namespace Platform.EndToEnd.Tests.Replica;

/// <summary>The same from a real S3 server, while the platform runs.</summary>
[Collection(S3Collection.Name)]
public sealed class S3ReplicaTests(S3Fixture s3)
{
    [Fact]
    public async Task Stock_litestream_reads_and_restores_a_tenant_from_s3()
    {
        var bucket = await s3.Server.CreateBucketAsync();
        await using var platform = await s3.StartPlatformAsync(("object-store.s3.bucket", bucket));
        await ReplicaLoad.WriteAsync(platform, "replica");
        await StockLitestream.AssertReadsAsync(
            [
                "--s3", $"{bucket}/tenants/replica/data.db",
                "--endpoint", s3.Server.Endpoint.ToString().TrimEnd('/'),
                "--region", s3.Server.Region,
                "--access-key", s3.Server.AccessKey,
                "--secret-key", s3.Server.SecretKey,
            ],
            ReplicaLoad.Checks);
    }
}
