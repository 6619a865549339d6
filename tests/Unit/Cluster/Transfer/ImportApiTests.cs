using System.Text.Json;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Transfer;

public sealed class ImportApiTests
{
    private const string Import = "/api/cp/tenants/moved/import";
    private const string Host = "moved.localhost";
    private const string Avatar = "storage/_pb_users_auth_/4q1xlclmfloku33/300_1SEi6Q6U72.png";
    private const string AvatarUrl = "/api/files/users/4q1xlclmfloku33/300_1SEi6Q6U72.png";

    // Of the collection clients and of the superusers: what the app's own server signs tokens with.
    private const string ClientKey =
        "rMb1gUpn27s53t66gOGscSHfYsa272cgOgn4nhTZIl4fIC8XP8PjVU4hAV7CZIWbCByJHkDcMUlSEWCLI6M5aWSZOpEq0a3rYxKT";

    private const string SuperuserKey =
        "O4rvW9FSUyTA3xUuQmXR3wHF2db9bHs19nBHeSgVTxerOsTAl4MyN3nDlzmHnuCjd35vb6cyIdqNr7Os0PmgiPVDMxmbFToSpBvS";

    private const string ClientClaims =
        """{"collectionId":"v851q4r790rhknl","exp":4102444800,"id":"gk390qegs4y47wn","refreshable":true,"type":"auth"}""";

    private const string SuperuserClaims =
        """{"collectionId":"pbc_3142635823","exp":4102444800,"id":"sywbhecnh46rhm0","refreshable":true,"type":"auth"}""";

    [Fact]
    public async Task An_app_moves_in_with_its_users_tokens_records_and_files()
    {
        await using var node = await NodeFixture.StartAsync();
        var (status, tenant) = await node.UploadAsync(Import, PocketBaseUpload.Zip(files: (Avatar, [1, 2, 3])));
        Assert.Equal(201, status);
        Assert.Equal("moved", tenant.GetProperty("id").GetString());
        var imported = tenant.GetProperty("imported");
        Assert.Equal("current", imported.GetProperty("layout").GetString());
        Assert.Equal(10, imported.GetProperty("collections").GetInt32());
        Assert.Equal(1, imported.GetProperty("files").GetInt32());
        Assert.Equal(3, imported.GetProperty("fileBytes").GetInt32());
        Assert.Equal(JsonValueKind.Null, imported.GetProperty("undo").ValueKind);
        Assert.Contains(
            tenant.GetProperty("warnings").EnumerateArray(),
            warning => warning.GetString()!.Contains("files that records name are not", StringComparison.Ordinal));

        var (signedIn, login) = await node.SendAsync(
            "POST", "/api/collections/clients/auth-with-password",
            """{"identity":"test@example.com","password":"1234567890"}""", token: null, host: Host);
        Assert.Equal(200, signedIn);
        Assert.Equal("gk390qegs4y47wn", login.GetProperty("record").GetProperty("id").GetString());
        using var avatar = await node.SendRawAsync("GET", AvatarUrl, token: null, host: Host);
        Assert.Equal([1, 2, 3], await avatar.Content.ReadAsByteArrayAsync());
        var (_, records) = await node.SendAsync("GET", "/api/collections/demo2/records", token: null, host: Host);
        Assert.Equal(3, records.GetProperty("totalItems").GetInt32());
    }

    [Fact]
    public async Task Old_tokens_stay_valid_and_can_be_refreshed()
    {
        await using var node = await NodeFixture.StartAsync();
        Assert.Equal(201, (await node.UploadAsync(Import, PocketBaseUpload.Zip())).Status);
        var refresh = "/api/collections/clients/auth-refresh";
        var token = PocketBaseUpload.Token(ClientClaims, ClientKey);
        Assert.Equal(200, (await node.SendAsync("POST", refresh, token: token, host: Host)).Status);
        var forged = PocketBaseUpload.Token(ClientClaims, ClientKey + "x");
        Assert.Equal(401, (await node.SendAsync("POST", refresh, token: forged, host: Host)).Status);
        var superuser = PocketBaseUpload.Token(SuperuserClaims, SuperuserKey);
        Assert.Equal(200, (await node.SendAsync("GET", "/api/settings", token: superuser, host: Host)).Status);
    }

    [Theory]
    [InlineData("""{"collectionId":"v851q4r790rhknl","exp":4102444800,"id":"gk390qegs4y47wn","type":"authRecord"}""", 200)]
    [InlineData("""{"collectionId":"v851q4r790rhknl","exp":1000000000,"id":"gk390qegs4y47wn","type":"authRecord"}""", 401)]
    [InlineData("""{"collectionId":"v851q4r790rhknl","exp":4102444800,"id":"o1y0dd0spd786md","type":"authRecord"}""", 401)]
    [InlineData("""{"exp":4102444800,"id":"gk390qegs4y47wn","type":"authRecord"}""", 401)]
    [InlineData("""{"exp":4102444800,"id":"gk390qegs4y47wn","type":"admin"}""", 401)]
    public async Task Tokens_of_before_0_23_are_held_to_the_same_checks(string claims, int expected)
    {
        await using var node = await NodeFixture.StartAsync();
        Assert.Equal(201, (await node.UploadAsync(Import, PocketBaseUpload.Zip())).Status);
        var token = PocketBaseUpload.Token(claims, ClientKey);
        var (status, _) = await node.SendAsync(
            "POST", "/api/collections/clients/auth-refresh", token: token, host: Host);
        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task A_token_of_an_admin_of_before_0_23_is_one_of_a_superuser()
    {
        await using var node = await NodeFixture.StartAsync();
        Assert.Equal(201, (await node.UploadAsync(Import, PocketBaseUpload.Zip())).Status);
        var token = PocketBaseUpload.Token(
            """{"exp":4102444800,"id":"sywbhecnh46rhm0","type":"admin"}""", SuperuserKey);
        Assert.Equal(200, (await node.SendAsync("GET", "/api/settings", token: token, host: Host)).Status);
    }

    [Fact]
    public async Task A_tenant_with_data_is_replaced_only_when_that_is_asked_for()
    {
        await using var node = await NodeFixture.StartAsync();
        var body = """{"id":"moved","superuser":{"email":"a@example.com","password":"a-long-password"}}""";
        Assert.Equal(201, (await node.SendAsync("POST", "/api/cp/tenants", body)).Status);
        var zip = PocketBaseUpload.Zip();
        var (refused, answer) = await node.UploadAsync(Import, zip);
        Assert.Equal(409, refused);
        Assert.True(answer.GetProperty("data").TryGetProperty("replace", out _));
        var (replaced, tenant) = await node.UploadAsync(Import + "?replace=true", zip);
        Assert.Equal(200, replaced);
        Assert.Equal(10, tenant.GetProperty("imported").GetProperty("collections").GetInt32());
        var login = ("POST", "/api/collections/_superusers/auth-with-password",
            """{"identity":"a@example.com","password":"a-long-password"}""");
        Assert.Equal(400, (await node.SendAsync(login.Item1, login.Item2, login.Item3, token: null, host: Host)).Status);
        var undo = tenant.GetProperty("imported").GetProperty("undo").GetString();
        Assert.Equal(200, (await node.SendAsync("POST", "/api/cp/tenants/moved/rewind", $$"""{"txid":"{{undo}}"}""")).Status);
        Assert.Equal(200, (await node.SendAsync(login.Item1, login.Item2, login.Item3, token: null, host: Host)).Status);
    }

    [Fact]
    public async Task An_empty_tenant_takes_an_import_and_keeps_its_own_fields()
    {
        await using var node = await NodeFixture.StartAsync();
        var body = """{"id":"moved","durability":"local","metadata":{"plan":"free"}}""";
        Assert.Equal(201, (await node.SendAsync("POST", "/api/cp/tenants", body)).Status);
        var (status, tenant) = await node.UploadAsync(Import, PocketBaseUpload.Zip());
        Assert.Equal(200, status);
        Assert.Equal("local", tenant.GetProperty("durability").GetString());
        Assert.Equal("free", tenant.GetProperty("metadata").GetProperty("plan").GetString());
    }

    [Fact]
    public async Task A_quota_that_is_too_small_refuses_the_import()
    {
        await using var node = await NodeFixture.StartAsync();
        var body = """{"id":"moved","quotas":{"storageBytesMax":1048576}}""";
        Assert.Equal(201, (await node.SendAsync("POST", "/api/cp/tenants", body)).Status);
        var (status, answer) = await node.UploadAsync(Import, PocketBaseUpload.Zip(files: (Avatar, new byte[1 << 20])));
        Assert.Equal(507, status);
        Assert.True(answer.GetProperty("data").TryGetProperty("quotas.storageBytesMax", out _));
    }

    [Fact]
    public async Task A_refused_upload_changes_nothing_and_leaves_the_id_free()
    {
        await using var node = await NodeFixture.StartAsync("platform.import.entries-max=10");
        var (noZip, answer) = await node.UploadAsync(Import, [1, 2, 3]);
        Assert.Equal(400, noZip);
        Assert.Equal(
            "validation_damaged", answer.GetProperty("data").GetProperty("zip").GetProperty("code").GetString());
        var many = Enumerable.Range(0, 10).Select(number => ($"storage/a/b/{number}", new byte[] { 1 })).ToArray();
        Assert.Equal(413, (await node.UploadAsync(Import, PocketBaseUpload.Zip(files: many))).Status);
        Assert.Equal(404, (await node.SendAsync("GET", "/api/cp/tenants/moved")).Status);
        Assert.Equal(201, (await node.UploadAsync(Import, PocketBaseUpload.Zip())).Status);
    }

    [Theory]
    [InlineData("storage")]
    [InlineData("data.db")]
    public async Task An_import_that_object_storage_fails_in_the_middle_of_leaves_nothing_and_succeeds_when_it_is_sent_again(
        string obstacle)
    {
        await using var node = await NodeFixture.StartAsync();

        // An object where a folder of the tenant has to be: nothing can be stored below it.
        var tenant = Directory.CreateDirectory(node.Folder.File("data/objects/tenants/moved")).FullName;
        await File.WriteAllTextAsync(Path.Combine(tenant, obstacle), "in the way");
        var zip = PocketBaseUpload.Zip(files: (Avatar, [1, 2, 3]));
        var (failed, answer) = await node.UploadAsync(Import, zip);
        Assert.Equal(503, failed);
        Assert.Contains("send the same request again", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(404, (await node.SendAsync("GET", "/api/cp/tenants/moved")).Status);
        var (_, all) = await node.SendAsync("GET", "/api/cp/tenants?status=all");
        Assert.Equal(0, all.GetProperty("totalItems").GetInt32());
        var taken = await node.SendAsync("POST", "/api/cp/tenants", """{"id":"moved"}""");
        Assert.Equal(409, taken.Status);

        Assert.Equal(201, (await node.UploadAsync(Import, zip)).Status);
        using var avatar = await node.SendRawAsync("GET", AvatarUrl, token: null, host: Host);
        Assert.Equal([1, 2, 3], await avatar.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_upload_over_the_limit_is_refused_before_it_is_sent()
    {
        await using var node = await NodeFixture.StartAsync("platform.import.bytes-max=1MiB");
        var (status, answer) = await node.UploadAsync(Import, new byte[(1 << 20) + 1]);
        Assert.Equal(413, status);
        Assert.Contains("platform.import.bytes-max", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(400, (await node.UploadAsync(Import, new byte[1 << 20])).Status);
    }

    [Theory]
    [InlineData("/api/cp/tenants/Not_Valid/import", "id", "validation_invalid_format")]
    [InlineData("/api/cp/tenants/platform/import", "id", "validation_reserved")]
    [InlineData(Import + "?replace=perhaps", "replace", "validation_invalid_choice")]
    [InlineData(Import + "?force=true", "force", "validation_unknown_field")]
    public async Task Bad_requests_are_refused_at_their_field(string path, string field, string code)
    {
        await using var node = await NodeFixture.StartAsync();
        var (status, answer) = await node.UploadAsync(path, PocketBaseUpload.Zip());
        Assert.Equal(400, status);
        Assert.Equal(code, answer.GetProperty("data").GetProperty(field).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Deleted_tenants_take_no_import_and_nobody_imports_without_the_token()
    {
        await using var node = await NodeFixture.StartAsync();
        Assert.Equal(201, (await node.SendAsync("POST", "/api/cp/tenants", """{"id":"moved"}""")).Status);
        Assert.Equal(204, (await node.SendAsync("DELETE", "/api/cp/tenants/moved")).Status);
        Assert.Equal(409, (await node.UploadAsync(Import, PocketBaseUpload.Zip())).Status);
        Assert.Equal(401, (await node.SendAsync("POST", Import, "{}", token: null)).Status);
        Assert.Equal(401, (await node.SendAsync("GET", "/api/cp/tenants/moved/export", token: null)).Status);
        Assert.Equal(404, (await node.SendAsync("GET", "/api/cp/tenants/nobody/export")).Status);
    }

    [Fact]
    public async Task An_export_moves_into_another_tenant_as_it_was()
    {
        await using var node = await NodeFixture.StartAsync();
        Assert.Equal(201, (await node.UploadAsync(Import, PocketBaseUpload.Zip(files: (Avatar, [1, 2, 3])))).Status);
        using var export = await node.SendRawAsync("GET", "/api/cp/tenants/moved/export");
        Assert.Equal("application/zip", export.Content.Headers.ContentType?.MediaType);
        Assert.Equal("moved-pb_data.zip", export.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        var zip = await export.Content.ReadAsByteArrayAsync();
        var (status, tenant) = await node.UploadAsync("/api/cp/tenants/again/import", zip);
        Assert.Equal(201, status);
        Assert.Equal(1, tenant.GetProperty("imported").GetProperty("files").GetInt32());
        using var avatar = await node.SendRawAsync("GET", AvatarUrl, token: null, host: "again.localhost");
        Assert.Equal([1, 2, 3], await avatar.Content.ReadAsByteArrayAsync());
        var token = PocketBaseUpload.Token(ClientClaims, ClientKey);
        Assert.Equal(
            200,
            (await node.SendAsync("POST", "/api/collections/clients/auth-refresh", token: token, host: "again.localhost")).Status);
    }
}
