using System.Text;
using System.Text.Json;
using Platform.TenantShard.Tests.Http;
using Platform.Testing;

namespace Platform.TenantShard.Tests.Files;

/// <summary>A tenant with a collection of file fields, and how to send forms to it.</summary>
public sealed class FilesApi : IAsyncLifetime
{
    private const string Docs = """
        {
          "name": "docs", "type": "base", "listRule": "", "viewRule": "@request.auth.id != ''", "createRule": "",
          "updateRule": "", "deleteRule": "",
          "fields": [
            {"type":"text","name":"title"},
            {"type":"number","name":"rank"},
            {"type":"select","name":"tags","maxSelect":3,"values":["a","b","c"]},
            {"type":"file","name":"one","maxSelect":1,"maxSize":100000,"thumbs":["30x20","0x50","30x20f"]},
            {"type":"file","name":"many","maxSelect":2,"mimeTypes":["image/png"]},
            {"type":"file","name":"secret","maxSelect":1,"protected":true}
          ]
        }
        """;

    internal ApiServer Server { get; private set; } = null!;

    internal string Root { get; private set; } = "";

    public Task InitializeAsync() => InitializeAsync(null);

    internal async Task InitializeAsync(TestShard? shard)
    {
        Server = await ApiServer.StartAsync(shard);
        Root = await Server.SuperuserTokenAsync();
        await Server.CreateCollectionAsync(Docs);
        await Server.CreateCollectionAsync("""
            {"name":"closed","type":"base","createRule":"title = 'open'",
             "fields":[{"type":"text","name":"title"},{"type":"file","name":"one"}]}
            """);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    internal async Task<ApiAnswer> SendAsync(
        string method, string path, (string Key, object Value, string? FileName)[] parts, string? token = null)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (key, value, fileName) in parts)
        {
            if (fileName is null) form.Add(new StringContent((string)value), key);
            else form.Add(new ByteArrayContent((byte[])value), key, fileName);
        }

        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = form };
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", token);
        using var response = await Server.Client.SendAsync(request);
        return new ApiAnswer(
            (int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ToString());
    }

    internal async Task<JsonElement> CreateAsync(params (string Key, object Value, string? FileName)[] parts)
    {
        var answer = await SendAsync("POST", "/api/collections/docs/records", parts);
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json;
    }

    internal async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Server.Client.SendAsync(request);
    }

    /// <summary>Names of the objects below the tenant's storage that belong to the record.</summary>
    internal async Task<List<string>> ObjectsAsync(string recordId)
    {
        var keys = new List<string>();
        await foreach (var entry in Server.Shard.Objects.ListAsync("tenants/acme/storage/", null, default))
        {
            if (entry.Key.Contains(recordId, StringComparison.Ordinal))
                keys.Add(entry.Key[(entry.Key.LastIndexOf('/') + 1)..]);
        }

        return keys;
    }

    internal Task UntilObjectsAsync(string recordId, int count) =>
        Eventually.TrueAsync(async () => (await ObjectsAsync(recordId)).Count == count);

    internal static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    internal static string Url(JsonElement record, string field) =>
        $"/api/files/docs/{record.GetProperty("id").GetString()}/{record.GetProperty(field).GetString()}";
}
