using System.Text.Json;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Tenants;

public sealed class TenantApiTests
{
    private const string Tenants = "/api/cp/tenants";

    [Fact]
    public async Task A_tenant_is_created_read_changed_deleted_and_restored()
    {
        await using var node = await NodeFixture.StartAsync();
        var (created, tenant) = await node.SendAsync("POST", Tenants,
            """{"id":"acme","domains":["app.acme.com"],"durability":"local","quotas":{"storageBytesMax":1048576},"metadata":{"plan":"free"}}""");
        Assert.Equal(201, created);
        Assert.Equal("acme", tenant.GetProperty("id").GetString());
        Assert.Equal("created", tenant.GetProperty("status").GetString());
        Assert.Equal("local", tenant.GetProperty("durability").GetString());
        Assert.Equal("app.acme.com", tenant.GetProperty("domains")[0].GetString());
        Assert.Equal(1048576, tenant.GetProperty("quotas").GetProperty("storageBytesMax").GetInt64());
        Assert.Equal(JsonValueKind.Null, tenant.GetProperty("quotas").GetProperty("requestBodyBytesMax").ValueKind);
        Assert.Equal("free", tenant.GetProperty("metadata").GetProperty("plan").GetString());
        Assert.Equal("n1", tenant.GetProperty("node").GetString());
        Assert.StartsWith("http://acme.localhost:", tenant.GetProperty("url").GetString(), StringComparison.Ordinal);

        var (read, same) = await node.SendAsync("GET", $"{Tenants}/acme");
        Assert.Equal(200, read);
        foreach (var field in tenant.EnumerateObject())
            Assert.True(JsonElement.DeepEquals(field.Value, same.GetProperty(field.Name)), field.Name);
        Assert.True(same.GetProperty("storage").GetProperty("databaseBytes").GetInt64() > 0);

        var (changed, next) = await node.SendAsync("PUT", $"{Tenants}/acme", """{"durability":"replicated","quotas":null}""");
        Assert.Equal(200, changed);
        Assert.Equal("replicated", next.GetProperty("durability").GetString());
        Assert.Equal(JsonValueKind.Null, next.GetProperty("quotas").GetProperty("storageBytesMax").ValueKind);
        Assert.Equal("app.acme.com", next.GetProperty("domains")[0].GetString());
        Assert.True(string.CompareOrdinal(
            next.GetProperty("updated").GetString(), tenant.GetProperty("updated").GetString()) > 0);

        Assert.Equal(204, (await node.SendAsync("DELETE", $"{Tenants}/acme")).Status);
        Assert.Equal(204, (await node.SendAsync("DELETE", $"{Tenants}/acme")).Status);
        Assert.Equal("deleted", (await node.SendAsync("GET", $"{Tenants}/acme")).Body.GetProperty("status").GetString());
        Assert.Equal(409, (await node.SendAsync("PUT", $"{Tenants}/acme", "{}")).Status);

        var (restored, back) = await node.SendAsync("POST", $"{Tenants}/acme/restore");
        Assert.Equal(200, restored);
        Assert.Equal("created", back.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_descriptor_is_in_object_storage_when_the_answer_comes()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", Tenants, """{"id":"acme"}""");
        var file = node.Folder.File("data/objects/tenants/acme/metadata.json");
        Assert.Equal("acme", JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("id").GetString());
        await node.SendAsync("DELETE", $"{Tenants}/acme");
        Assert.Equal("deleted", JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_tenant_without_an_id_gets_a_readable_one()
    {
        await using var node = await NodeFixture.StartAsync();
        var (status, tenant) = await node.SendAsync("POST", Tenants);
        Assert.Equal(201, status);
        Assert.Matches("^[a-z]+-[a-z]+-[0-9]{4}$", tenant.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", Tenants, """{"id":"acme","domains":["acme.com"]}""");
        await node.SendAsync("POST", Tenants, """{"id":"gone"}""");
        await node.SendAsync("DELETE", $"{Tenants}/gone");
        await using var next = await NodeFixture.StartAsync(await node.StopAsync());
        Assert.Equal(200, (await next.SendAsync("GET", $"{Tenants}/acme")).Status);
        Assert.Equal(1, (await next.SendAsync("GET", Tenants)).Body.GetProperty("totalItems").GetInt32());
        Assert.Equal(409, (await next.SendAsync("POST", Tenants, """{"id":"x","domains":["acme.com"]}""")).Status);
    }

    [Fact]
    public async Task A_lost_cluster_store_is_rebuilt_from_object_storage()
    {
        var node = await NodeFixture.StartAsync();
        foreach (var id in new[] { "acme", "acme-b", "acme0", "b", "gone" })
            await node.SendAsync("POST", Tenants, $$"""{"id":"{{id}}","domains":["{{id}}.com"]}""");
        await node.SendAsync("DELETE", $"{Tenants}/gone");
        var folder = await node.StopAsync();
        foreach (var file in Directory.GetFiles(folder.File("data"), "cluster.db*")) File.Delete(file);
        await using var next = await NodeFixture.StartAsync(folder);
        var (_, list) = await next.SendAsync("GET", $"{Tenants}?status=all");
        Assert.Equal(["acme", "acme-b", "acme0", "b", "gone"],
            list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.Equal("deleted", list.GetProperty("items")[4].GetProperty("status").GetString());
        Assert.Equal(409, (await next.SendAsync("POST", Tenants, """{"domains":["acme-b.com"]}""")).Status);
        Assert.Equal(201, (await next.SendAsync("POST", Tenants, """{"domains":["gone.com"]}""")).Status);
    }

    [Theory]
    [InlineData("""{"id":"Acme"}""", "id", "validation_invalid_format", "must be 1 to 63")]
    [InlineData("""{"id":""}""", "id", "validation_invalid_format", "must be 1 to 63")]
    [InlineData("""{"id":5}""", "id", "validation_invalid_type", "a string, not this number")]
    [InlineData("""{"id":"platform"}""", "id", "validation_reserved", "belongs to the platform")]
    [InlineData("""{"domain":["a.com"]}""", "domain", "validation_unknown_field", "did you mean 'domains'?")]
    [InlineData("""{"domains":"a.com"}""", "domains", "validation_invalid_type", "a list of strings, not a string")]
    [InlineData("""{"domains":["A.com"]}""", "domains", "validation_invalid_domain", "'A.com' is not a host name")]
    [InlineData("""{"domains":["a.com:80"]}""", "domains", "validation_invalid_domain", "is not a host name")]
    [InlineData("""{"domains":["10.0.0.1"]}""", "domains", "validation_invalid_domain", "is not a host name")]
    [InlineData("""{"domains":["a..com"]}""", "domains", "validation_invalid_domain", "is not a host name")]
    [InlineData("""{"domains":["x.localhost"]}""", "domains", "validation_invalid_domain", "is under 'localhost'")]
    [InlineData("""{"domains":["a.com","a.com"]}""", "domains", "validation_not_unique", "given twice")]
    [InlineData("""{"durability":"fast"}""", "durability", "validation_invalid_choice", "'replicated' or 'local'")]
    [InlineData("""{"quotas":{"storageBytesMax":1}}""", "quotas.storageBytesMax", "validation_out_of_range", "at least 1048576")]
    [InlineData("""{"quotas":{"requestBodyBytesMax":"1k"}}""", "quotas.requestBodyBytesMax", "validation_invalid_type", "a whole number")]
    [InlineData("""{"quotas":{"storageBytes":1}}""", "quotas.storageBytes", "validation_unknown_field", "did you mean 'storageBytesMax'?")]
    [InlineData("""{"quotas":[]}""", "quotas", "validation_invalid_type", "an object, not a list")]
    [InlineData("""{"metadata":{"a":1}}""", "metadata", "validation_invalid_type", "whose values are strings")]
    [InlineData("""{"metadata":{"":"x"}}""", "metadata", "validation_out_of_range", "1 to 64 characters")]
    [InlineData("""{"superuser":{"email":"a@b.com"}}""", "superuser.password", "validation_required", "blank")]
    [InlineData("""{"superuser":{"email":"nobody","password":"12345678"}}""", "superuser.email", "validation_is_email", "valid e-mail")]
    [InlineData("""{"superuser":{"email":"a@b.com","password":"1234567"}}""", "superuser.password", "validation_min_text_constraint", "8 characters")]
    public async Task A_wrong_field_is_named(string body, string field, string code, string message)
    {
        await using var node = await NodeFixture.StartAsync();
        var (status, answer) = await node.SendAsync("POST", Tenants, body);
        Assert.Equal(400, status);
        Assert.Equal(400, answer.GetProperty("status").GetInt32());
        Assert.Equal([field], answer.GetProperty("data").EnumerateObject().Select(problem => problem.Name));
        Assert.Equal(code, answer.GetProperty("data").GetProperty(field).GetProperty("code").GetString());
        Assert.Contains(message, answer.GetProperty("data").GetProperty(field).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_wrong_fields_are_named_at_once()
    {
        await using var node = await NodeFixture.StartAsync();
        var (_, answer) = await node.SendAsync("POST", Tenants, """{"id":"-","durability":1,"foo":2,"superuser":{}}""");
        Assert.Equal(
            ["durability", "foo", "id", "superuser.email", "superuser.password"],
            answer.GetProperty("data").EnumerateObject().Select(problem => problem.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{\"id\":\n \"a\",}", "line 2, position 6")]
    [InlineData("{", "line 1")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{\"id\":\"a\",\"id\":\"b\"}", "not valid JSON")]
    public async Task A_body_that_is_not_JSON_is_refused_with_its_place(string body, string message)
    {
        await using var node = await NodeFixture.StartAsync();
        var (status, answer) = await node.SendAsync("POST", Tenants, body);
        Assert.Equal(400, status);
        Assert.Contains(message, answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_at_the_limit_is_read_and_one_byte_more_is_refused()
    {
        await using var node = await NodeFixture.StartAsync("platform.http.admin-body-bytes-max=1024");
        string Body(int length) => """{"id":"acme"}""".PadRight(length);
        var (status, answer) = await node.SendAsync("POST", Tenants, Body(1025));
        Assert.Equal(413, status);
        Assert.Equal(413, answer.GetProperty("status").GetInt32());
        Assert.Equal(201, (await node.SendAsync("POST", Tenants, Body(1024))).Status);
    }

    [Theory]
    [InlineData(null, "needs the cluster admin token")]
    [InlineData("wrong", "is wrong")]
    public async Task Without_the_token_nothing_is_told(string? token, string message)
    {
        await using var node = await NodeFixture.StartAsync();
        foreach (var (method, path) in new[]
        {
            ("GET", Tenants), ("POST", Tenants), ("GET", $"{Tenants}/x"), ("PUT", $"{Tenants}/x"),
            ("DELETE", $"{Tenants}/x"), ("POST", $"{Tenants}/x/restore"), ("POST", $"{Tenants}/x/superuser"),
            ("GET", "/api/cp/nodes"), ("GET", "/api/cp/nodes/n1"), ("GET", "/api/cp/health"),
        })
        {
            using var answer = await node.SendRawAsync(method, path, method == "GET" ? null : "{}", token);
            Assert.Equal(401, (int)answer.StatusCode);
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
            Assert.Contains(message, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_taken_is_named()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", Tenants, """{"id":"acme","domains":["acme.com"]}""");
        var (taken, byId) = await node.SendAsync("POST", Tenants, """{"id":"acme"}""");
        Assert.Equal(409, taken);
        Assert.Equal("validation_not_unique", byId.GetProperty("data").GetProperty("id").GetProperty("code").GetString());
        var (claimed, byDomain) = await node.SendAsync("POST", Tenants, """{"id":"b","domains":["b.com","acme.com"]}""");
        Assert.Equal(409, claimed);
        Assert.Contains("'acme.com' belongs to the tenant 'acme'",
            byDomain.GetProperty("data").GetProperty("domains").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(404, (await node.SendAsync("GET", $"{Tenants}/b")).Status);
        Assert.Equal(201, (await node.SendAsync("POST", Tenants, """{"id":"c","domains":["b.com"]}""")).Status);
        Assert.Equal(409, (await node.SendAsync("PUT", $"{Tenants}/c", """{"domains":["acme.com"]}""")).Status);
    }

    [Fact]
    public async Task A_deleted_tenant_frees_its_domains_but_not_its_id()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", Tenants, """{"id":"acme","domains":["acme.com"]}""");
        await node.SendAsync("DELETE", $"{Tenants}/acme");
        var (taken, answer) = await node.SendAsync("POST", Tenants, """{"id":"acme"}""");
        Assert.Equal(409, taken);
        Assert.Contains("restore", answer.GetProperty("data").GetProperty("id").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(201, (await node.SendAsync("POST", Tenants, """{"id":"b","domains":["acme.com"]}""")).Status);
        var (refused, why) = await node.SendAsync("POST", $"{Tenants}/acme/restore");
        Assert.Equal(409, refused);
        Assert.Contains("'b'", why.GetProperty("data").GetProperty("domains").GetProperty("message").GetString(), StringComparison.Ordinal);
        await node.SendAsync("PUT", $"{Tenants}/b", """{"domains":[]}""");
        Assert.Equal(200, (await node.SendAsync("POST", $"{Tenants}/acme/restore")).Status);
    }

    [Fact]
    public async Task Of_many_that_create_one_tenant_exactly_one_succeeds()
    {
        await using var node = await NodeFixture.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            node.SendAsync("POST", Tenants, $$$"""{"id":"acme","metadata":{"n":"{{{number}}}"}}""")));
        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal(19, answers.Count(answer => answer.Status == 409));
        var winner = answers.Single(answer => answer.Status == 201).Body.GetProperty("metadata").GetRawText();
        Assert.Contains(winner, await File.ReadAllTextAsync(node.Folder.File("data/objects/tenants/acme/metadata.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_read_may_be_sent_back_and_guards_against_others()
    {
        await using var node = await NodeFixture.StartAsync();
        var (_, tenant) = await node.SendAsync("POST", Tenants, """{"id":"acme","metadata":{"a":"1"}}""");
        Assert.Equal(200, (await node.SendAsync("PUT", $"{Tenants}/acme", tenant.GetRawText())).Status);
        var (status, answer) = await node.SendAsync("PUT", $"{Tenants}/acme", tenant.GetRawText());
        Assert.Equal(409, status);
        Assert.True(answer.GetProperty("data").TryGetProperty("updated", out _));
        Assert.Equal(400, (await node.SendAsync("PUT", $"{Tenants}/acme", """{"id":"other"}""")).Status);
        Assert.Equal(400, (await node.SendAsync("PUT", $"{Tenants}/acme", """{"status":"deleted"}""")).Status);
        Assert.Equal(400, (await node.SendAsync("PUT", $"{Tenants}/acme", """{"superuser":{}}""")).Status);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PUT", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/restore")]
    [InlineData("POST", "/superuser")]
    public async Task An_unknown_tenant_is_404(string method, string rest)
    {
        await using var node = await NodeFixture.StartAsync();
        var (status, answer) = await node.SendAsync(method, $"{Tenants}/nobody{rest}", method == "GET" ? null : "{}");
        Assert.Equal(404, status);
        Assert.Contains("'nobody'", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(404, (await node.SendAsync(method, $"{Tenants}/No%2Fbody{rest}")).Status);
    }

    [Fact]
    public async Task Nodes_and_health_show_what_is()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", Tenants, """{"id":"acme"}""");
        var (status, health) = await node.SendAsync("GET", "/api/cp/health");
        Assert.Equal(200, status);
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal(1, health.GetProperty("tenants").GetInt32());
        var (_, nodes) = await node.SendAsync("GET", "/api/cp/nodes");
        var one = nodes.GetProperty("items")[0];
        Assert.Equal("n1", one.GetProperty("id").GetString());
        Assert.True(one.GetProperty("memoryBytes").GetInt64() > 1_000_000);
        Assert.True(one.GetProperty("diskBytesFree").GetInt64() > 0);
        Assert.InRange(one.GetProperty("cpuPercent").GetDouble(), 0, 100);
        Assert.Equal(200, (await node.SendAsync("GET", "/api/cp/nodes/n1")).Status);
        Assert.Equal(404, (await node.SendAsync("GET", "/api/cp/nodes/n2")).Status);
    }
}
