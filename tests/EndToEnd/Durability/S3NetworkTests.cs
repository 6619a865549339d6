using System.Net;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.EndToEnd.Tests.Durability;

/// <summary>A real S3 server that is slow, throttles, is full or ends, while writes go on.</summary>
[Collection(S3Collection.Name)]
[Trait("needs", "s3")]
public sealed class S3NetworkTests(S3Fixture s3)
{
    private const string Tenant = "network";

    [Theory]
    [InlineData(503, "SlowDown")]
    [InlineData(403, "QuotaExceeded")]
    public async Task Writes_that_the_server_refuses_get_503_and_it_catches_up_by_itself(int status, string code)
    {
        await RunAsync(async (proxy, load) =>
        {
            proxy.Refuse(status, code);
            await Eventually.TrueAsync("refused writes", () => proxy.Refused > 2 && load.Refused.Count > 0);
            proxy.Pass();
        });
    }

    [Fact]
    public async Task A_slow_server_makes_writes_slow_and_loses_none()
    {
        await RunAsync(async (proxy, load) =>
        {
            proxy.Delay(TimeSpan.FromMilliseconds(300));
            var before = load.Acknowledged.Count;
            await Eventually.TrueAsync("slow writes", () => load.Acknowledged.Count > before + 8);
            proxy.Delay(TimeSpan.FromSeconds(3));
            await Eventually.TrueAsync("writes past their deadline", () => load.Refused.Count > 0);
            proxy.Pass();
        });
    }

    [Fact]
    public async Task A_server_that_is_killed_and_started_again_under_load_loses_none()
    {
        await RunAsync(async (_, load) =>
        {
            await s3.Server.KillAsync();
            await Eventually.TrueAsync("refused writes", () => load.Refused.Count > 0);
            await s3.Server.RestartAsync();
        });
    }

    /// <summary>
    /// Load over the trouble; afterwards writes are accepted again without a restart, every refusal was a 503 with a
    /// time to try again, and all that was acknowledged is in object storage alone.
    /// </summary>
    private async Task RunAsync(Func<S3Proxy, WriteLoad, Task> trouble)
    {
        await using var proxy = new S3Proxy(s3.Server.Endpoint);
        await using var platform = await s3.StartPlatformAsync(
            ("object-store.s3.endpoint", proxy.Endpoint.ToString()), ("tenant-node.write-deadline", "2s"));
        using (var tenant = await platform.CreateTenantAsync(Tenant))
        {
            await tenant.CreateOpenCollectionAsync(
                "writes", new { name = "key", type = "text" }, new { name = "filler", type = "text" });
        }

        var load = new WriteLoad(platform, Tenant, "writes", connections: 4);
        load.Start(round: 1);
        await Eventually.TrueAsync("writes", () => load.Acknowledged.Count > 20);
        await trouble(proxy, load);
        var before = load.Acknowledged.Count;
        await Eventually.TrueAsync("writes afterwards", () => load.Acknowledged.Count > before + 20);
        await load.StopAsync();

        Assert.All(load.Refused, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        Assert.All(load.Refused, answer => Assert.NotNull(answer.RetryAfter));
        await platform.KillAsync();
        platform.DeleteCache();
        await platform.StartAgainAsync();
        var stored = await StoredKeys.ReadAsync(platform, Tenant, "writes");
        Assert.DoesNotContain(load.Acknowledged, key => !stored.Contains(key));
    }
}
