using System.Net;
using Platform.EndToEnd.Tests.Durability;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing;
using Platform.Testing.Processes;

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
        await StockLitestream.AssertReadsAsync(Replica(bucket, "replica"), ReplicaLoad.Checks);
    }

    [Fact]
    public async Task Stock_litestream_reads_a_rewound_tenant_its_moments_and_its_clone_from_s3()
    {
        var bucket = await s3.Server.CreateBucketAsync();
        await using var platform = await s3.StartPlatformAsync(("object-store.s3.bucket", bucket));
        using var tenant = await platform.CreateTenantAsync("replica");
        await tenant.CreateOpenCollectionAsync("notes", new { name = "title", type = "text" });
        await WriteAsync(tenant, count: 4);
        var four = await NewestAsync(platform);
        await WriteAsync(tenant, count: 3);
        var seven = await NewestAsync(platform);
        using var admin = platform.Operator();
        var rewound = await admin.PostAsync("api/cp/tenants/replica/rewind", new { txid = four.Txid });
        rewound.Expect(HttpStatusCode.OK);
        (await admin.PostAsync("api/cp/tenants/replica/clone", new { into = "clone" })).Expect(HttpStatusCode.Created);
        using var again = await platform.SignInAsync("replica");
        await WriteAsync(again, count: 1);

        await AssertCountAsync(Replica(bucket, "replica"), 5);
        await AssertCountAsync(Replica(bucket, "clone"), 4);
        await AssertCountAsync([.. Replica(bucket, "replica"), "--at", four.JustAfter], 4);
        await AssertCountAsync([.. Replica(bucket, "replica"), "--at", seven.JustAfter], 7);
    }

    private static async Task WriteAsync(ApiClient tenant, int count)
    {
        for (var record = 0; record < count; record++) await tenant.CreateRecordAsync("notes", new { title = "note" });
    }

    private static async Task<(string Txid, string JustAfter)> NewestAsync(PlatformProcess platform)
    {
        using var admin = platform.Operator();
        var latest = (await admin.GetAsync("api/cp/tenants/replica/history")).Expect(HttpStatusCode.OK)
            .Json.GetProperty("latest");
        var time = latest.GetProperty("time").GetDateTimeOffset();

        // Litestream's moments are strictly after what they include; the next write must not fall into this millisecond.
        await Eventually.TrueAsync("the clock moves on", () => DateTimeOffset.UtcNow > time.AddMilliseconds(2));
        return (latest.GetProperty("txid").GetString()!, time.AddMilliseconds(1).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
    }

    private static Task AssertCountAsync(string[] replica, int count) => StockLitestream.AssertReadsAsync(
        replica, ("select count(*) from notes", $"{count}"), ("pragma integrity_check", "ok"));

    private string[] Replica(string bucket, string tenant) =>
    [
        "--s3", $"{bucket}/tenants/{tenant}/data.db",
        "--endpoint", s3.Server.Endpoint.ToString().TrimEnd('/'),
        "--region", s3.Server.Region,
        "--access-key", s3.Server.AccessKey,
        "--secret-key", s3.Server.SecretKey,
    ];
}
