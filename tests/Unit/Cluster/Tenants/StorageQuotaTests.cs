using System.Text.Json;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Tenants;

/// <summary>Database and files share one limit, and the operator sees both.</summary>
public sealed class StorageQuotaTests
{
    private const string Tenant = "/api/cp/tenants/acme";
    private const string Host = "acme.localhost";
    private const string Records = "/api/collections/docs/records";

    [Fact]
    public async Task Files_fill_the_storage_of_a_tenant_and_deleting_them_frees_it()
    {
        await using var node = await StartAsync(storageBytesMax: 2 << 20);
        var first = await UploadAsync(node, 900_000);
        Assert.Equal(200, first.Status);
        var storage = await StorageAsync(node);
        Assert.Equal(900_000, storage.GetProperty("fileBytes").GetInt64());
        Assert.True(storage.GetProperty("databaseBytes").GetInt64() > 100_000);
        Assert.Equal(200, (await UploadAsync(node, 900_000)).Status);
        var full = await UploadAsync(node, 900_000);
        Assert.Equal(507, full.Status);
        Assert.Equal(1_800_000, (await StorageAsync(node)).GetProperty("fileBytes").GetInt64());

        // What files take, the database cannot have.
        var text = new string('x', 200_000);
        Assert.Equal(507, (await node.SendAsync("POST", Records, $$"""{"text":"{{text}}"}""", token: null, host: Host)).Status);
        var id = first.Body.GetProperty("id").GetString();
        Assert.Equal(204, (await node.SendAsync("DELETE", $"{Records}/{id}", token: null, host: Host)).Status);
        Assert.Equal(900_000, (await StorageAsync(node)).GetProperty("fileBytes").GetInt64());
        Assert.Equal(200, (await node.SendAsync("POST", Records, $$"""{"text":"{{text}}"}""", token: null, host: Host)).Status);
    }

    [Fact]
    public async Task The_sum_and_the_limit_survive_a_restart_without_the_local_copy()
    {
        var node = await StartAsync(storageBytesMax: 2 << 20);
        Assert.Equal(200, (await UploadAsync(node, 900_000)).Status);
        Assert.Equal(200, (await UploadAsync(node, 900_000)).Status);
        var folder = await node.StopAsync();
        Directory.Delete(folder.File("data/cache"), recursive: true);
        await using var again = await NodeFixture.StartAsync(folder);
        Assert.Equal(1_800_000, (await StorageAsync(again)).GetProperty("fileBytes").GetInt64());
        Assert.Equal(507, (await UploadAsync(again, 900_000)).Status);
    }

    [Fact]
    public async Task A_deleted_tenant_has_no_figures_and_what_was_read_can_be_sent_back()
    {
        await using var node = await StartAsync(storageBytesMax: 2 << 20);
        var (_, tenant) = await node.SendAsync("GET", Tenant);
        Assert.Equal(200, (await node.SendAsync("PUT", Tenant, tenant.GetRawText())).Status);
        Assert.Equal(204, (await node.SendAsync("DELETE", Tenant)).Status);
        Assert.Equal(JsonValueKind.Null, (await StorageAsync(node)).ValueKind);
    }

    private static async Task<NodeFixture> StartAsync(long storageBytesMax)
    {
        var node = await NodeFixture.StartAsync();
        var tenant = $$$"""
            {"id":"acme","quotas":{"storageBytesMax":{{{storageBytesMax}}} },
             "superuser":{"email":"a@example.com","password":"a-long-password"}}
            """;
        Assert.Equal(201, (await node.SendAsync("POST", "/api/cp/tenants", tenant)).Status);
        var (_, login) = await node.SendAsync(
            "POST", "/api/collections/_superusers/auth-with-password",
            """{"identity":"a@example.com","password":"a-long-password"}""", token: null, host: Host);
        var collection = """
            {"name":"docs","type":"base","createRule":"","deleteRule":"","fields":[
            {"name":"file","type":"file"},{"name":"text","type":"text","max":1000000}]}
            """;
        var (status, answer) = await node.SendAsync(
            "POST", "/api/collections", collection, token: login.GetProperty("token").GetString(), host: Host);
        Assert.True(status == 200, answer.ToString());
        return node;
    }

    private static async Task<(int Status, JsonElement Body)> UploadAsync(NodeFixture node, int bytes)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[bytes]), "file", "a.bin" } };
        return await node.SendAsync(HttpMethod.Post, Records, form, Host);
    }

    private static async Task<JsonElement> StorageAsync(NodeFixture node) =>
        (await node.SendAsync("GET", Tenant)).Body.GetProperty("storage");
}
