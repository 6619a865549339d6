using System.Text.Json;
using Platform.TenantShard.Tests.Http;
using Platform.Testing;
using Platform.Testing.Files;

namespace Platform.TenantShard.Tests.Files;

/// <summary>Records with files: forms in, names in the record, objects in the store, and their removal.</summary>
public sealed class RecordFileTests(FilesApi api) : IClassFixture<FilesApi>
{
    private static readonly byte[] Png = TestImage.Png(4, 4);

    [Fact]
    public async Task A_form_creates_a_record_with_cast_fields_and_its_files()
    {
        var record = await api.CreateAsync(
            ("title", "A title", null), ("rank", "12.5", null), ("tags", "a", null), ("tags", "c", null),
            ("one", FilesApi.Text("hello"), "My Test FILE.txt"), ("many", Png, "a.png"), ("many", Png, "b.png"));

        Assert.Equal("A title", record.GetProperty("title").GetString());
        Assert.Equal(12.5, record.GetProperty("rank").GetDouble());
        Assert.Equal(["a", "c"], Strings(record, "tags"));
        Assert.Matches("^my_test_file_[a-z0-9]{10}\\.txt$", record.GetProperty("one").GetString());
        Assert.All(Strings(record, "many"), name => Assert.Matches("^[ab][a-z0-9]{10}_[a-z0-9]{10}\\.png$", name));
        Assert.Equal(3, (await api.ObjectsAsync(record.GetProperty("id").GetString()!)).Count);
        using var answer = await api.GetAsync(FilesApi.Url(record, "one"));
        Assert.Equal("hello", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_payload_part_and_text_parts_make_one_body()
    {
        var record = await api.CreateAsync(
            ("@jsonPayload", """{"title":"from payload","rank":1}""", null),
            ("@jsonPayload", """{"tags":["b"]}""", null), ("rank", "2", null));

        Assert.Equal("from payload", record.GetProperty("title").GetString());
        Assert.Equal(2, record.GetProperty("rank").GetInt32());
        Assert.Equal(["b"], Strings(record, "tags"));
    }

    [Fact]
    public async Task Modifiers_append_prepend_and_remove_files_and_removed_ones_leave_the_store()
    {
        var record = await api.CreateAsync(("many", Png, "first.png"));
        var id = record.GetProperty("id").GetString()!;
        var first = Strings(record, "many")[0];
        var path = $"/api/collections/docs/records/{id}";

        var appended = (await api.SendAsync("PATCH", path, [("many+", Png, "second.png")])).Json;
        Assert.Equal(2, Strings(appended, "many").Length);
        Assert.Equal(first, Strings(appended, "many")[0]);
        await api.Server.SendAsync("PATCH", path, $$"""{"many-":"{{first}}"}""");
        await api.UntilObjectsAsync(id, 1);
        var prepended = (await api.SendAsync("PATCH", path, [("+many", Png, "third.png")])).Json;
        Assert.StartsWith("third_", Strings(prepended, "many")[0], StringComparison.Ordinal);
        var kept = Strings(prepended, "many")[0];
        var answer = await api.Server.SendAsync("PATCH", path, JsonSerializer.Serialize(new { many = new[] { kept } }));
        Assert.Equal([kept], Strings(answer.Json, "many"));
        await api.UntilObjectsAsync(id, 1);
        Assert.Equal([kept], await api.ObjectsAsync(id));
    }

    [Fact]
    public async Task A_replaced_single_file_and_a_deleted_record_leave_the_store()
    {
        var record = await api.CreateAsync(("one", FilesApi.Text("old"), "old.txt"));
        var id = record.GetProperty("id").GetString()!;
        var path = $"/api/collections/docs/records/{id}";

        var replaced = (await api.SendAsync("PATCH", path, [("one", FilesApi.Text("new"), "new.txt")])).Json;
        Assert.StartsWith("new_", replaced.GetProperty("one").GetString(), StringComparison.Ordinal);
        await api.UntilObjectsAsync(id, 1);
        Assert.Equal(204, (await api.Server.SendAsync("DELETE", path)).Status);
        await api.UntilObjectsAsync(id, 0);
    }

    [Fact]
    public async Task A_large_file_passes_through_the_spool_and_leaves_nothing_there()
    {
        var content = new byte[4 << 20];
        new Random(1).NextBytes(content);
        var record = await api.CreateAsync(("secret", content, "large.bin"));

        var spool = api.Server.Shard.Files.Storage.SpoolFolder;
        await Eventually.TrueAsync(() => Directory.GetFiles(spool).Length == 0);
        var key = (await api.ObjectsAsync(record.GetProperty("id").GetString()!)).Single();
        Assert.StartsWith("large_", key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truncating_a_collection_removes_its_files()
    {
        await api.Server.CreateCollectionAsync(
            """{"name":"short","type":"base","createRule":"","fields":[{"type":"file","name":"one"}]}""");
        var answer = await api.SendAsync(
            "POST", "/api/collections/short/records", [("one", FilesApi.Text("x"), "x.txt")]);
        var id = answer.Text("id");
        Assert.Single(await api.ObjectsAsync(id));
        Assert.Equal(
            204, (await api.Server.SendAsync("DELETE", "/api/collections/short/truncate", token: api.Root)).Status);
        await api.UntilObjectsAsync(id, 0);
    }

    [Theory]
    [InlineData("one", 100_001, "x.txt", "validation_file_size_limit")]
    [InlineData("many", 10, "x.png", "validation_invalid_mime_type")]
    public async Task A_file_that_the_field_does_not_take_is_refused(string field, int bytes, string name, string code)
    {
        var answer = await api.SendAsync(
            "POST", "/api/collections/docs/records", [(field, new byte[bytes], name)]);
        Assert.Equal(400, answer.Status);
        Assert.Contains(code, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_files_and_names_without_a_file_are_refused()
    {
        var many = await api.SendAsync(
            "POST", "/api/collections/docs/records", [("many", Png, "a"), ("many", Png, "b"), ("many", Png, "c")]);
        Assert.Equal(400, many.Status);
        Assert.Contains("validation_too_many_files", many.Body, StringComparison.Ordinal);
        var named = await api.Server.SendAsync(
            "POST", "/api/collections/docs/records", """{"one":"../../etc/passwd"}""");
        Assert.Equal(400, named.Status);
        Assert.Contains("validation_invalid_file", named.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_the_rule_refuses_stores_nothing()
    {
        const string Path = "/api/collections/closed/records";
        var refused = await api.SendAsync(
            "POST", Path, [("title", "shut", null), ("one", FilesApi.Text("x"), "refused.txt")]);
        Assert.Equal(400, refused.Status);
        Assert.Empty(await api.ObjectsAsync("refused"));
        var allowed = await api.SendAsync(
            "POST", Path, [("title", "open", null), ("one", FilesApi.Text("x"), "allowed.txt")], api.Root);
        Assert.Equal(200, allowed.Status);
    }

    [Fact]
    public async Task Files_of_a_write_that_fails_leave_the_store()
    {
        await api.Server.CreateCollectionAsync("""
            {"name":"unique","type":"base","createRule":"",
             "fields":[{"type":"text","name":"title"},{"type":"file","name":"one"}],
             "indexes":["CREATE UNIQUE INDEX idx_unique_title ON `unique` (title)"]}
            """);
        const string Path = "/api/collections/unique/records";
        var first = await api.SendAsync("POST", Path, [("title", "t", null), ("one", FilesApi.Text("x"), "won.txt")]);
        var second = await api.SendAsync("POST", Path, [("title", "t", null), ("one", FilesApi.Text("x"), "lost.txt")]);

        Assert.Equal((200, 400), (first.Status, second.Status));
        await api.UntilObjectsAsync("lost_", 0);
        Assert.Single(await api.ObjectsAsync("won_"));
    }

    [Fact]
    public async Task A_form_over_the_limit_of_the_tenant_is_refused()
    {
        await using var server = await ApiServer.StartAsync(bodyBytesMax: 10_000);
        await server.CreateCollectionAsync(
            """{"name":"docs","type":"base","createRule":"","fields":[{"type":"file","name":"one"}]}""");
        foreach (var isChunked in new[] { false, true })
        {
            using var form = new MultipartFormDataContent();
            form.Add(new ByteArrayContent(new byte[20_000]), "one", "x.bin");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/collections/docs/records");
            request.Content = form;
            request.Headers.TransferEncodingChunked = isChunked;
            using var answer = await server.Client.SendAsync(request);
            Assert.Equal(413, (int)answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=", "x")]
    [InlineData("multipart/form-data; boundary=b", "no parts at all")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\ncut")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n")]
    [InlineData(
        "multipart/form-data; boundary=b",
        "--b\r\nContent-Disposition: form-data; name=\"@jsonPayload\"\r\n\r\n[1]\r\n--b--\r\n")]
    public async Task A_malformed_form_is_a_bad_request(string type, string body)
    {
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await api.Server.Client.PostAsync(
            new Uri("/api/collections/docs/records", UriKind.Relative), content);
        Assert.Equal(400, (int)answer.StatusCode);
    }

    private static string[] Strings(JsonElement record, string field) =>
        [.. record.GetProperty(field).EnumerateArray().Select(item => item.GetString()!)];
}
