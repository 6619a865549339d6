using Platform.Cluster.Tenants;
using Platform.Cluster.Tests.Support;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tests.Tenants;

public sealed class TenantListingTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Pages_cover_every_tenant_once_in_order()
    {
        var index = Index(250);
        var seen = new List<string>();
        for (var page = 1; page <= 3; page++)
        {
            var result = index.List(new TenantQuery { Page = page, PerPage = 100 });
            Assert.Equal(250, result.TotalItems);
            seen.AddRange(result.Items.Select(tenant => tenant.Id.Value));
        }

        Assert.Equal(250, seen.Distinct().Count());
        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Empty(index.List(new TenantQuery { Page = 4, PerPage = 100 }).Items);
    }

    [Fact]
    public void Sorting_by_creation_breaks_ties_by_id()
    {
        var index = Index(6);
        Assert.Equal(["t5", "t4", "t3", "t2", "t1", "t0"],
            Ids(index.List(new TenantQuery { Sort = TenantSort.Created, IsDescending = true })));
        Assert.Equal(["t0", "t1", "t2", "t3", "t4", "t5"], Ids(index.List(new TenantQuery { Sort = TenantSort.Created })));
    }

    [Theory]
    [InlineData("T1", 1)]
    [InlineData("3.EXAMPLE", 1)]
    [InlineData("blue", 3)]
    [InlineData("nothing", 0)]
    public void Search_looks_at_ids_domains_and_labels(string search, int expected) =>
        Assert.Equal(expected, Index(6).List(new TenantQuery { Search = search }).TotalItems);

    [Fact]
    public void Deleted_tenants_show_when_asked_for()
    {
        var index = Index(3);
        index.Apply(Record(1, 100, TenantStatus.Deleted));
        Assert.Equal(2, index.Count);
        Assert.Equal(["t0", "t2"], Ids(index.List(new TenantQuery())));
        Assert.Equal(["t1"], Ids(index.List(new TenantQuery { Status = TenantStatus.Deleted })));
        Assert.Equal(3, index.List(new TenantQuery { Status = null }).TotalItems);
        Assert.Null(index.Find(TenantId.Parse("t1")));
        Assert.NotNull(index.Get(TenantId.Parse("t1")));
    }

    [Fact]
    public void An_older_record_never_replaces_a_newer_one()
    {
        var index = Index(1);
        index.Apply(Record(0, 50, TenantStatus.Deleted));
        index.Apply(Record(0, 40, TenantStatus.Created));
        Assert.Equal(TenantStatus.Deleted, index.Get(TenantId.Parse("t0"))!.Descriptor.Status);
        index.Remove(TenantId.Parse("t0"), 45);
        Assert.NotNull(index.Get(TenantId.Parse("t0")));
        index.Remove(TenantId.Parse("t0"), 51);
        Assert.Null(index.Get(TenantId.Parse("t0")));
        Assert.Equal(0, index.Count);
    }

    [Fact]
    public void A_deleted_tenant_gives_its_domain_up_to_another()
    {
        var index = Index(1);
        index.Apply(Record(0, 50, TenantStatus.Deleted));
        var next = Record(9, 51, TenantStatus.Created);
        index.Apply(next with { Descriptor = next.Descriptor with { Domains = ["0.example.com"] } });
        index.Apply(Record(0, 52, TenantStatus.Deleted));
        Assert.True(index.Routes.TryGetDomain("0.example.com", out var owner));
        Assert.Equal("t9", owner.Id.Value);
    }

    [Fact]
    public async Task A_listing_is_asked_for_by_its_query()
    {
        await using var node = await NodeFixture.StartAsync();
        foreach (var id in new[] { "a", "b", "c" })
            await node.SendAsync("POST", "/api/cp/tenants", $$"""{"id":"{{id}}"}""");
        var (status, page) = await node.SendAsync("GET", "/api/cp/tenants?page=2&perPage=2&sort=-id");
        Assert.Equal(200, status);
        Assert.Equal(
            (2, 2, 3, 2),
            (page.GetProperty("page").GetInt32(), page.GetProperty("perPage").GetInt32(),
                page.GetProperty("totalItems").GetInt32(), page.GetProperty("totalPages").GetInt32()));
        Assert.Equal("a", page.GetProperty("items")[0].GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("perPage=1001", "perPage")]
    [InlineData("perPage=x", "perPage")]
    [InlineData("sort=name", "sort")]
    [InlineData("status=gone", "status")]
    [InlineData("serch=x", "serch")]
    public async Task A_wrong_parameter_is_named(string query, string field)
    {
        await using var node = await NodeFixture.StartAsync();
        var (status, answer) = await node.SendAsync("GET", $"/api/cp/tenants?{query}");
        Assert.Equal(400, status);
        Assert.True(answer.GetProperty("data").TryGetProperty(field, out _));
    }

    private static List<string> Ids(TenantPage page) => [.. page.Items.Select(tenant => tenant.Id.Value)];

    private static TenantIndex Index(int count)
    {
        var index = new TenantIndex();
        for (var number = 0; number < count; number++) index.Apply(Record(number, number + 1, TenantStatus.Created));
        return index;
    }

    private static TenantRecord Record(int number, long revision, TenantStatus status) => new(
        new TenantDescriptor
        {
            Id = TenantId.Parse($"t{number}"),
            Domains = [$"{number}.example.com"],
            Metadata = new Dictionary<string, string> { ["color"] = number % 2 == 0 ? "Blue" : "red" },
            Status = status,
            Created = Start.AddMinutes(number / 2),
            Updated = Start,
        },
        revision);
}
