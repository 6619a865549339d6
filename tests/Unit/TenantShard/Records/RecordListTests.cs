using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Records;

public sealed class RecordListTests : IAsyncLifetime
{
    private const string Path = "/api/collections/numbers/records";

    private ApiServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        await _server.CreateCollectionAsync("""
            {"name":"numbers","type":"base","listRule":"","createRule":"","deleteRule":"",
             "fields":[{"type":"number","name":"value"}]}
            """);
        for (var value = 0; value < 25; value++) await _server.SendAsync("POST", Path, $$"""{"value":{{value}}}""");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("?perPage=10", 10, 1, 25, 3)]
    [InlineData("?perPage=10&page=3", 5, 3, 25, 3)]
    [InlineData("?perPage=10&page=4", 0, 4, 25, 3)]
    [InlineData("?perPage=25", 25, 1, 25, 1)]
    [InlineData("?perPage=10&filter=value>=20", 5, 1, 5, 1)]
    [InlineData("?perPage=10&filter=value>=5", 10, 1, 20, 2)]
    [InlineData("?perPage=10&filter=value>=5&skipTotal=1", 10, 1, -1, -1)]
    [InlineData("?filter=value>99", 0, 1, 0, 0)]
    [InlineData("?perPage=10&sort=-value", 10, 1, 25, 3)]
    [InlineData("?perPage=10&sort=-value&page=3", 5, 3, 25, 3)]
    [InlineData("?perPage=10&sort=-value&page=4", 0, 4, 25, 3)]
    [InlineData("?perPage=5&sort=-value&page=2&filter=value>=5", 5, 2, 20, 4)]
    [InlineData("?perPage=20&sort=-value&filter=value>=5", 20, 1, 20, 1)]
    [InlineData("?perPage=10&sort=-value&filter=value>99", 0, 1, 0, 0)]
    [InlineData("?perPage=10&sort=id&filter=value>=5", 10, 1, 20, 2)]
    [InlineData("?perPage=10&sort=@random&filter=value>=5", 10, 1, 20, 2)]
    [InlineData("?perPage=10&sort=-value&filter=value>=5&skipTotal=1", 10, 1, -1, -1)]
    public async Task A_page_has_its_items_and_totals(string query, int items, int page, int total, int pages)
    {
        // The second time it is known that few match, and the total is counted in the same pass.
        for (var time = 0; time < 2; time++)
        {
            var json = (await _server.SendAsync("GET", Path + query)).Json;
            Assert.Equal(items, json.GetProperty("items").GetArrayLength());
            Assert.Equal(page, json.GetProperty("page").GetInt32());
            Assert.Equal(total, json.GetProperty("totalItems").GetInt32());
            Assert.Equal(pages, json.GetProperty("totalPages").GetInt32());
        }
    }

    [Fact]
    public async Task A_list_that_matched_few_and_now_matches_many_has_an_exact_total()
    {
        const string List = Path + "?perPage=10&sort=-value&fields=value&filter=value>=";
        await _server.SendAsync("GET", List + "20");
        await Task.WhenAll(Enumerable.Range(0, 600).Select(
            value => _server.SendAsync("POST", Path, $$"""{"value":{{1000 + value}}}""")));
        foreach (var (from, total) in new[] { (20, 605), (1595, 5), (1100, 500), (1099, 501), (1098, 502), (0, 625) })
        {
            var json = (await _server.SendAsync("GET", List + from)).Json;
            Assert.Equal(total, json.GetProperty("totalItems").GetInt32());
            Assert.Equal(1599, json.GetProperty("items")[0].GetProperty("value").GetInt32());
            Assert.Equal(Math.Min(10, total), json.GetProperty("items").GetArrayLength());
        }
    }

    [Fact]
    public async Task A_list_is_sorted()
    {
        var json = (await _server.SendAsync("GET", Path + "?sort=-value&perPage=2&fields=value")).Json;
        Assert.Equal("""[{"value":24},{"value":23}]""", json.GetProperty("items").GetRawText());
    }

    [Fact]
    public async Task A_total_that_was_counted_before_a_write_is_not_given_after_it()
    {
        for (var round = 0; round < 3; round++)
        {
            var before = await TotalAsync();
            Assert.Equal(before, await TotalAsync());
            var created = await _server.SendAsync("POST", Path, """{"value":7}""");
            Assert.Equal(before + 1, await TotalAsync());
            await _server.SendAsync("DELETE", $"{Path}/{created.Text("id")}");
            Assert.Equal(before, await TotalAsync());
        }
    }

    [Theory]
    [InlineData("sort=value")]
    [InlineData("sort=-value,id")]
    [InlineData("sort=id,value")]
    public async Task A_total_is_the_same_before_and_after_an_index_makes_the_order(string sort)
    {
        var superuser = await _server.SuperuserTokenAsync();
        var query = $"{Path}?perPage=3&{sort}&filter=value>=5";
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(20, (await _server.SendAsync("GET", query)).Json.GetProperty("totalItems").GetInt32());
            var index = round % 2 == 0 ? "\"CREATE INDEX idx_numbers ON numbers (value)\"" : "";
            var changed = await _server.SendAsync(
                "PATCH", "/api/collections/numbers", $$"""{"indexes":[{{index}}]}""", superuser);
            Assert.Equal(200, (int)changed.Status);
        }
    }

    private async Task<int> TotalAsync() =>
        (await _server.SendAsync("GET", Path + "?perPage=1&filter=value=7")).Json.GetProperty("totalItems").GetInt32();
}
