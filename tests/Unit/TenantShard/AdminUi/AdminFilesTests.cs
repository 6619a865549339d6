using System.Net;
using Platform.TenantShard.Http;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.AdminUi;

public sealed class AdminFilesTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ApiServer _server = null!;

    public async Task InitializeAsync()
    {
        var ui = Directory.CreateDirectory(_folder.File("ui")).FullName;
        Directory.CreateDirectory(Path.Combine(ui, "assets"));
        await File.WriteAllTextAsync(Path.Combine(ui, "index.html"), "<title>UI</title>");
        await File.WriteAllTextAsync(Path.Combine(ui, "assets", "app-1a2b.js"), "run()");
        await File.WriteAllTextAsync(Path.Combine(ui, ".env"), "secret");
        await File.WriteAllTextAsync(_folder.File("outside.txt"), "outside");
        _server = await ApiServer.StartAsync(options: new TenantApiOptions { AdminUiFolder = ui });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/_/", 200, "<title>UI</title>")]
    [InlineData("/_", 200, "<title>UI</title>")]
    [InlineData("/_/index.html", 200, "<title>UI</title>")]
    [InlineData("/_/collections/posts", 200, "<title>UI</title>")]
    [InlineData("/_/assets/app-1a2b.js", 200, "run()")]
    [InlineData("/_/assets/app.js", 404, "")]
    [InlineData("/_/.env", 404, "")]
    [InlineData("/_/%2e%2e/outside.txt", 404, "")]
    [InlineData("/_/..%2foutside.txt", 404, "")]
    [InlineData("/_/assets/..%2f..%2foutside.txt", 404, "")]
    [InlineData("/_x", 404, "")]
    [InlineData("/", 404, "")]
    public async Task Files_of_the_folder_and_nothing_else_are_served(string path, int status, string content)
    {
        using var response = await _server.Client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(status, (int)response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        if (status == 200) Assert.Equal(content, body);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.DoesNotContain("outside\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Built_files_are_cached_and_the_index_is_asked_for_each_time()
    {
        using var index = await _server.Client.GetAsync(new Uri("/_/", UriKind.Relative));
        using var script = await _server.Client.GetAsync(new Uri("/_/assets/app-1a2b.js", UriKind.Relative));

        Assert.Equal("no-cache", index.Headers.CacheControl!.ToString());
        Assert.Equal("text/html", index.Content.Headers.ContentType!.MediaType);
        Assert.Contains("max-age=1209600", script.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("text/javascript", script.Content.Headers.ContentType!.MediaType);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/_/");
        again.Headers.IfNoneMatch.Add(index.Headers.ETag!);
        using var unchanged = await _server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Without_a_folder_the_answer_says_who_can_set_one()
    {
        await using var server = await ApiServer.StartAsync();

        var answer = await server.SendAsync("GET", "/_/");

        Assert.Equal(404, answer.Status);
        Assert.Contains("platform.tenant-node.admin-ui", answer.Body, StringComparison.Ordinal);
    }
}
