using Platform.Messages.Identity;
using Platform.Testing.ObjectStores;

namespace Platform.TenantShard.Tests.Hosting;

public sealed class ReplicaMemoriesTests
{
    [Fact]
    public async Task A_tenant_that_is_opened_again_under_the_same_epoch_costs_no_request_but_its_writes()
    {
        FaultyObjectStore? store = null;
        await using var fixture = new ShardHostFixture(wrap: inner => store = new FaultyObjectStore(inner));
        var tenant = fixture.Add("acme");
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        await fixture.Host.EvictAsync(tenant);
        var requests = store!.Traffic.Requests(ObjectOperations.All);

        for (var hour = 1; hour <= 24; hour++)
        {
            await fixture.ExecuteAsync(tenant, $"INSERT INTO t VALUES ({hour})");
            await fixture.Host.EvictAsync(tenant);
            Assert.Equal(requests + hour, store.Traffic.Requests(ObjectOperations.All));
        }

        Assert.Equal(24, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
        await fixture.RestartAsync(deleteCache: true);
        Assert.Equal(24, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_tenant_that_is_only_read_costs_no_request()
    {
        FaultyObjectStore? store = null;
        await using var fixture = new ShardHostFixture(wrap: inner => store = new FaultyObjectStore(inner));
        var tenant = fixture.Add("acme");
        await fixture.ScalarAsync(tenant, "SELECT count(*) FROM _collections");
        await fixture.Host.EvictAsync(tenant);
        var requests = store!.Traffic.Requests(ObjectOperations.All);

        Assert.True(await fixture.ScalarAsync(tenant, "SELECT count(*) FROM _collections") > 0);

        Assert.Equal(requests, store.Traffic.Requests(ObjectOperations.All));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Under_another_epoch_or_without_the_local_copy_the_tenant_is_opened_anew(bool isMoved)
    {
        FaultyObjectStore? store = null;
        await using var fixture = new ShardHostFixture(wrap: inner => store = new FaultyObjectStore(inner));
        var tenant = fixture.Add("acme");
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        await fixture.Host.EvictAsync(tenant);
        if (isMoved) fixture.RaiseEpoch();
        else Directory.Delete(Path.Combine(fixture.CachePath, "acme"), recursive: true);
        var lists = store!.Traffic.Requests(ObjectOperations.List);

        Assert.Equal(0, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));

        Assert.Equal(lists + 2, store.Traffic.Requests(ObjectOperations.List));
    }

    [Fact]
    public async Task The_longest_closed_are_forgotten_first()
    {
        FaultyObjectStore? store = null;
        await using var fixture = new ShardHostFixture(
            options => options with { RememberedMax = 2 }, inner => store = new FaultyObjectStore(inner));
        TenantId[] tenants = [fixture.Add("first"), fixture.Add("second"), fixture.Add("third")];
        foreach (var tenant in tenants)
        {
            await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
            await fixture.Host.EvictAsync(tenant);
        }

        var lists = store!.Traffic.Requests(ObjectOperations.List);
        await fixture.ScalarAsync(tenants[2], "SELECT count(*) FROM t");
        await fixture.ScalarAsync(tenants[1], "SELECT count(*) FROM t");
        Assert.Equal(lists, store.Traffic.Requests(ObjectOperations.List));
        await fixture.ScalarAsync(tenants[0], "SELECT count(*) FROM t");
        Assert.Equal(lists + 2, store.Traffic.Requests(ObjectOperations.List));
    }
}
