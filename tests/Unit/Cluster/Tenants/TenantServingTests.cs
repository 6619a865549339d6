using System.Net.Sockets;
using System.Text;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Tenants;

/// <summary>The node as a whole: what the admin API does is what the tenant's own API then shows.</summary>
public sealed class TenantServingTests
{
    private const string Tenants = "/api/cp/tenants";
    private const string Superuser = """{"email":"admin@example.com","password":"a-long-password"}""";
    private const string Login = "/api/collections/_superusers/auth-with-password";
    private const string Credentials = """{"identity":"admin@example.com","password":"a-long-password"}""";

    [Fact]
    public async Task A_new_tenant_answers_at_its_host_its_domain_and_by_header()
    {
        await using var node = await NodeFixture.StartAsync();
        Assert.Equal(404, (await node.SendAsync("GET", "/api/health", host: "acme.localhost")).Status);
        await node.SendAsync("POST", Tenants, """{"id":"acme","domains":["acme.com"]}""");
        Assert.Equal(200, (await node.SendAsync("GET", "/api/health", token: null, host: "acme.localhost")).Status);
        Assert.Equal(200, (await node.SendAsync("GET", "/api/health", token: null, host: "acme.com:8090")).Status);
        Assert.Equal(400, (await node.SendAsync("GET", "/api/health", token: null, host: "-.localhost")).Status);
    }

    [Fact]
    public async Task The_superuser_of_the_creation_can_log_in()
    {
        await using var node = await NodeFixture.StartAsync();
        var (created, _) = await node.SendAsync("POST", Tenants, $$"""{"id":"acme","superuser":{{Superuser}}}""");
        Assert.Equal(201, created);
        var (status, answer) = await node.SendAsync("POST", Login, Credentials, token: null, host: "acme.localhost");
        Assert.Equal(200, status);
        Assert.Equal("admin@example.com", answer.GetProperty("record").GetProperty("email").GetString());
    }

    [Fact]
    public async Task An_operator_can_make_a_superuser_later_and_reset_its_password()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", Tenants, """{"id":"acme"}""");
        Assert.Equal(204, (await node.SendAsync("POST", $"{Tenants}/acme/superuser", Superuser)).Status);
        Assert.Equal(200, (await node.SendAsync("POST", Login, Credentials, null, "acme.localhost")).Status);
        Assert.Equal(204, (await node.SendAsync(
            "POST", $"{Tenants}/acme/superuser", """{"email":"admin@example.com","password":"another-password"}""")).Status);
        Assert.Equal(400, (await node.SendAsync("POST", Login, Credentials, null, "acme.localhost")).Status);
        Assert.Equal(400, (await node.SendAsync("POST", $"{Tenants}/acme/superuser", "{}")).Status);
    }

    [Fact]
    public async Task A_deleted_tenant_stops_answering_and_comes_back_with_its_data()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", Tenants, $$"""{"id":"acme","domains":["acme.com"],"superuser":{{Superuser}}}""");
        await node.SendAsync("DELETE", $"{Tenants}/acme");
        Assert.Equal(404, (await node.SendAsync("POST", Login, Credentials, null, "acme.localhost")).Status);
        Assert.Equal(404, (await node.SendAsync("POST", Login, Credentials, null, "acme.com")).Status);
        Assert.Equal(409, (await node.SendAsync("POST", $"{Tenants}/acme/superuser", Superuser)).Status);
        Assert.Equal(0, (await node.SendAsync("GET", "/api/cp/health")).Body.GetProperty("tenantsActive").GetInt32());
        await node.SendAsync("POST", $"{Tenants}/acme/restore");
        Assert.Equal(200, (await node.SendAsync("POST", Login, Credentials, null, "acme.com")).Status);
    }

    [Fact]
    public async Task Data_survives_a_restart_without_the_cache()
    {
        var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", Tenants, $$"""{"id":"acme","superuser":{{Superuser}}}""");
        var folder = await node.StopAsync();
        Directory.Delete(folder.File("data/cache"), recursive: true);
        await using var next = await NodeFixture.StartAsync(folder);
        Assert.Equal(200, (await next.SendAsync("POST", Login, Credentials, null, "acme.localhost")).Status);
    }

    [Fact]
    public async Task Everything_survives_the_loss_of_all_but_object_storage()
    {
        var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", Tenants, $$"""{"id":"acme","superuser":{{Superuser}}}""");
        var folder = await node.StopAsync();
        foreach (var file in Directory.GetFiles(folder.File("data"))) File.Delete(file);
        Directory.Delete(folder.File("data/cache"), recursive: true);
        await using var next = await NodeFixture.StartAsync(folder);
        Assert.Equal(200, (await next.SendAsync("POST", Login, Credentials, null, "acme.localhost")).Status);
    }

    [Fact]
    public async Task A_body_over_the_tenants_quota_is_refused()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", Tenants, """{"id":"acme","quotas":{"requestBodyBytesMax":1024}}""");
        var (status, _) = await node.SendAsync("POST", Login, new string(' ', 2000), null, "acme.localhost");
        Assert.Equal(413, status);
    }

    [Fact]
    public async Task A_node_that_stops_finishes_the_requests_that_it_has_begun()
    {
        var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", Tenants, """{"id":"acme"}""");
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", node.Node.PublicUrl.Port);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Tenants}/acme/superuser HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {node.Token}\r\n"
            + $"Expect: 100-continue\r\nContent-Length: {Superuser.Length}\r\n\r\n"));

        // The server asks for the body: the request is in a handler now.
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync());
        Assert.Equal("", await reader.ReadLineAsync());
        var stopped = node.StopAsync();
        Assert.False(stopped.IsCompleted);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Superuser));
        Assert.Equal("HTTP/1.1 204 No Content", await reader.ReadLineAsync());
        (await stopped).Dispose();
    }
}
