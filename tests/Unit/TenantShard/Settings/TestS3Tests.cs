using Platform.TenantShard.Http;
using Platform.TenantShard.Tests.Http;
using Platform.Testing.ObjectStores;

namespace Platform.TenantShard.Tests.Settings;

public sealed class TestS3Tests : IAsyncLifetime
{
    private readonly ScriptedS3Server _s3 = new();
    private ApiServer _server = null!;
    private string _root = "";

    public async Task InitializeAsync() => await StartAsync(new TenantApiOptions());

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _s3.DisposeAsync();
    }

    [Theory]
    [InlineData("storage")]
    [InlineData("backups")]
    public async Task Good_settings_write_and_remove_an_object(string filesystem)
    {
        await EnableAsync();
        var answer = await TestAsync(filesystem);
        Assert.True(answer.Status == 204, answer.Body);
        Assert.Collection(
            _s3.Requests,
            static put => Assert.StartsWith("PUT pb_settings_test_", put, StringComparison.Ordinal),
            static delete => Assert.StartsWith("DELETE pb_settings_test_", delete, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_reason_of_the_server_is_told()
    {
        await EnableAsync();
        _s3.Next("PUT", new ScriptedAnswer { Status = 403, Code = "AccessDenied" });
        var answer = await TestAsync("storage");
        Assert.Equal(400, answer.Status);
        Assert.Contains("Raw error: AccessDenied.", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_enabled_or_unknown_is_refused()
    {
        Assert.Contains("is not enabled", (await TestAsync("backups")).Body, StringComparison.Ordinal);
        Assert.Contains("validation_in_invalid", (await TestAsync("other")).Body, StringComparison.Ordinal);
        Assert.Contains("validation_required", (await TestAsync("")).Body, StringComparison.Ordinal);
        Assert.Equal(401, (await _server.SendAsync("POST", "/api/settings/test/s3", "{}")).Status);
    }

    [Fact]
    public async Task Private_networks_are_out_of_reach_where_the_node_says_so()
    {
        await _server.DisposeAsync();
        await StartAsync(new TenantApiOptions { ReachesPrivateNetworks = false });
        await EnableAsync();
        var answer = await TestAsync("storage");
        Assert.Equal(400, answer.Status);
        Assert.Empty(_s3.Requests);
    }

    private async Task StartAsync(TenantApiOptions options)
    {
        _server = await ApiServer.StartAsync(options: options);
        _root = await _server.SuperuserTokenAsync();
    }

    private Task<ApiAnswer> TestAsync(string filesystem) =>
        _server.SendAsync("POST", "/api/settings/test/s3", $$"""{"filesystem":"{{filesystem}}"}""", _root);

    private async Task EnableAsync()
    {
        var s3 = $$"""
            {"enabled":true,"bucket":"bucket","region":"us-east-1","endpoint":"{{_s3.Endpoint.ToString().TrimEnd('/')}}",
             "accessKey":"key","secret":"secret","forcePathStyle":true}
            """;
        var answer = await _server.SendAsync(
            "PATCH", "/api/settings", $$$"""{"s3":{{{s3}}},"backups":{"s3":{{{s3}}}}}""", _root);
        Assert.True(answer.Status == 200, answer.Body);
    }
}
