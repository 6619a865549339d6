using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Http;
using Platform.TenantShard.Tests.Hosting;

namespace Platform.TenantShard.Tests.Realtime;

public sealed class RealtimeEvictionTests
{
    [Fact]
    public async Task An_open_connection_neither_holds_its_shard_nor_outlives_it()
    {
        await using var fixture = new ShardHostFixture();
        var tenant = fixture.Add("acme");
        await using var backend = new ShardBackend(
            fixture.Host, new TenantApiOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(context => backend.HandleAsync(context, tenant));
        await app.StartAsync();
        using var client = new HttpClient();
        client.BaseAddress = new Uri(app.Urls.First());

        using var first = await EventStream.OpenAsync(client);
        await fixture.Host.EvictAsync(tenant).WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Null(await first.NextAsync());
        Assert.Equal(0, fixture.Host.Status.Active);

        using var second = await EventStream.OpenAsync(client);
        Assert.Equal(404, await first.SubscribeAsync(null, "users"));
        Assert.Equal(204, await second.SubscribeAsync(null, "users"));
        await fixture.Host.EvictAsync(tenant);
    }
}
