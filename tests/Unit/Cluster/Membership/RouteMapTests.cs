using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Cluster.Store.Embedded;
using Platform.Cluster.Tests.Support;
using Platform.Messages.Identity;
using Platform.Testing;

namespace Platform.Cluster.Tests.Membership;

public sealed class RouteMapTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    private readonly RouteMap _routes = new();

    [Fact]
    public void The_newest_revision_wins_in_whatever_order_they_come()
    {
        _routes.Put(Entry("acme", "n2", 20));
        _routes.Put(Entry("acme", "n1", 10));
        Assert.True(_routes.TryFind(Acme, out var route));
        Assert.Equal(("n2", 20L), (route.Node, route.Epoch));
        Assert.Empty(_routes.TenantsOf("n1"));
        Assert.Equal([Acme], _routes.TenantsOf("n2"));
        _routes.Remove("/routes/acme", 19);
        Assert.Equal(1, _routes.CountOf("n2"));
        _routes.Remove("/routes/acme", 21);
        Assert.False(_routes.TryFind(Acme, out _));
        Assert.Equal(0, _routes.CountOf("n2"));
    }

    [Fact]
    public void Each_change_is_told_with_what_was_before()
    {
        var told = new List<string>();
        _routes.Changed += (before, after) => told.Add($"{before?.Node}>{after?.Node}");
        _routes.Put(Entry("acme", "n1", 10));
        _routes.Put(Entry("acme", "n1", 10));
        _routes.Put(Entry("acme", "n2", 11));
        _routes.Remove("/routes/acme", 12);
        Assert.Equal([">n1", "n1>n2", "n2>"], told);
    }

    [Fact]
    public void What_cannot_be_read_is_no_route()
    {
        _routes.Put(new StoreEntry("/routes/acme", "no json"u8.ToArray(), 1, 1, 0));
        _routes.Put(new StoreEntry("/routes/Not-A-Tenant", "{\"node\":\"n1\"}"u8.ToArray(), 1, 1, 0));
        Assert.Equal(0, _routes.Count);
    }

    [Fact]
    public async Task A_watch_keeps_the_copy_exact_also_when_its_past_is_forgotten()
    {
        using var folder = new TemporaryFolder();
        await using var store = EmbeddedStore.Open(
            folder.File("cluster.db"), 100, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);
        for (var number = 0; number < 50; number++) await PutAsync(store, $"t{number}", "n1");
        var watch = new PrefixWatch(
            store, ClusterKeys.Routes, "the routes", _routes, TimeProvider.System, NullLogger<PrefixWatch>.Instance);
        await watch.LoadAsync(CancellationToken.None);
        Assert.Equal(50, _routes.CountOf("n1"));

        // Far more changes than the store remembers, before the watch begins.
        for (var number = 0; number < 300; number++) await PutAsync(store, $"t{number % 70}", number % 2 == 0 ? "n1" : "n2");
        await store.CommitAsync(new() { Operations = [StoreOperation.Delete("/routes/t0")] }, CancellationToken.None);
        using var stopping = new CancellationTokenSource();
        var running = watch.RunAsync(stopping.Token);
        await Eventually.TrueAsync(() => _routes.Count == 69);
        await PutAsync(store, "t0", "n3");
        await Eventually.TrueAsync(() => _routes.CountOf("n3") == 1);
        await stopping.CancelAsync();
        await running;
        var page = await store.ListAsync(ClusterKeys.Routes, null, 1000, CancellationToken.None);
        Assert.Equal(
            page.Entries.Select(entry => RouteMap.Read(entry)).OrderBy(route => route!.Tenant.Value, StringComparer.Ordinal)
                .Select(route => (route!.Tenant, route.Node, route.Epoch)),
            _routes.All().OrderBy(route => route.Tenant.Value, StringComparer.Ordinal)
                .Select(route => (route.Tenant, route.Node, route.Epoch)));
    }

    private static StoreEntry Entry(string tenant, string node, long revision) => new(
        ClusterKeys.Routes + tenant, Document(node), revision, revision, 0);

    private static byte[] Document(string node) => JsonSerializer.SerializeToUtf8Bytes(
        new ShardRouteDocument { Node = node }, MembershipJson.Default.ShardRouteDocument);

    private static Task<StoreCommit> PutAsync(EmbeddedStore store, string tenant, string node) => store.CommitAsync(
        new() { Operations = [StoreOperation.Put(ClusterKeys.Routes + tenant, Document(node))] }, CancellationToken.None);
}
