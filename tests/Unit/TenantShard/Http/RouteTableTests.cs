using Platform.TenantShard.Http;

namespace Platform.TenantShard.Tests.Http;

public sealed class RouteTableTests
{
    private readonly RouteTable _routes = new();
    private readonly Dictionary<ApiHandler, string> _names = [];

    public RouteTableTests()
    {
        Map("GET", "/api/collections/{collection}");
        Map("PUT", "/api/collections/import");
        Map("GET", "/api/collections/meta/scaffolds");
        Map("GET", "/api/collections/{collection}/records");
        Map("GET", "/api/collections/{collection}/records/{id}");
        Map("GET", "/api/files/{collection}/{record}/{name}");
    }

    [Theory]
    [InlineData("GET", "/api/collections/posts", "/api/collections/{collection}", "posts", null)]
    [InlineData("HEAD", "/api/collections/posts/", "/api/collections/{collection}", "posts", null)]
    [InlineData("GET", "/api/collections/import", "/api/collections/{collection}", "import", null)]
    [InlineData("PUT", "/api/collections/import", "/api/collections/import", null, null)]
    [InlineData("GET", "/api/collections/meta/scaffolds", "/api/collections/meta/scaffolds", null, null)]
    [InlineData("GET", "/api/collections/a b/records/x.y", "/api/collections/{collection}/records/{id}", "a b", "x.y")]
    [InlineData("GET", "/api/files/a/b/c.png", "/api/files/{collection}/{record}/{name}", "a", "b")]
    [InlineData("PUT", "/api/collections/posts", null, null, null)]
    [InlineData("GET", "/api/collections//records", null, null, null)]
    [InlineData("GET", "/API/collections/posts", null, null, null)]
    [InlineData("GET", "/", null, null, null)]
    [InlineData("GET", "", null, null, null)]
    [InlineData("GET", "/a/b/c/d/e/f/g/h/i/j/k/l", null, null, null)]
    public void A_path_finds_its_route(string method, string path, string? template, string? first, string? second)
    {
        var isFound = _routes.TryMatch(method, path, out var handler, out var values);
        Assert.Equal(template is not null, isFound);
        if (!isFound) return;
        Assert.Equal(template, _names[handler!]);
        Assert.Equal((first, second), (values.First, values.Second));
    }

    private void Map(string method, string template)
    {
        ApiHandler handler = _ => Task.FromResult(template);
        _names.Add(handler, template);
        _routes.Map(method, template, handler);
    }
}
