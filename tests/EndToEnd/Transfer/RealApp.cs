using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Transfer;

/// <summary>A small app on the real PocketBase: users, posts with files, relations, rules, a view.</summary>
internal sealed class RealApp : IDisposable
{
    public const string Password = "their-old-password";

    private readonly ApiClient _admin;
    private readonly HttpClient _client;

    private RealApp(PocketBaseProcess pocketBase, string adminToken)
    {
        Url = pocketBase.Url;
        AdminToken = adminToken;
        _admin = new ApiClient(Url, adminToken);
        _client = LoopbackHttp.Create(Url);
    }

    public Uri Url { get; }

    public string AdminToken { get; }

    /// <summary>Their ids and tokens, by user name.</summary>
    public Dictionary<string, (string Id, string Token)> Users { get; } = [];

    /// <summary>Paths of files with their content.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public static async Task<RealApp> BuildAsync(PocketBaseProcess pocketBase)
    {
        using var guest = new ApiClient(pocketBase.Url);
        var login = await guest.PostAsync(
            "api/admins/auth-with-password",
            new { identity = PocketBaseProcess.AdminEmail, password = PocketBaseProcess.AdminPassword });
        var app = new RealApp(pocketBase, login.Expect(HttpStatusCode.OK).Json.GetProperty("token").GetString()!);
        await app.AddCollectionsAsync();
        foreach (var name in (string[])["ann", "ben"]) await app.AddUserAsync(name);
        await app.AddPostsAsync();
        return app;
    }

    /// <summary>A backup, made by PocketBase itself, that has request logs: they are written every few seconds.</summary>
    public async Task BackUpAsync(string name)
    {
        await Eventually.TrueAsync("PocketBase writes its logs", async () =>
            (await _admin.GetAsync("api/logs")).Expect(HttpStatusCode.OK).Json.GetProperty("totalItems").GetInt32() > 0);
        (await _admin.PostAsync("api/backups", new { name })).Expect(HttpStatusCode.NoContent);
    }

    public void Dispose()
    {
        _admin.Dispose();
        _client.Dispose();
    }

    private async Task AddCollectionsAsync()
    {
        await AddAsync(new
        {
            name = "tags",
            type = "base",
            viewRule = "",
            schema = new object[] { Field("label", "text", new { max = 30 }) },
            indexes = (string[])["CREATE UNIQUE INDEX idx_tags_label ON tags (label)"],
        });
        var tags = (await _admin.GetAsync("api/collections/tags")).Id;
        await AddAsync(new
        {
            name = "posts",
            type = "base",
            listRule = "owner = @request.auth.id || public = true",
            viewRule = "owner = @request.auth.id || public = true",
            createRule = "@request.data.owner = @request.auth.id",
            schema = new object[]
            {
                Field("title", "text", new { min = 1 }), Field("public", "bool", new { }),
                Field("score", "number", new { noDecimal = false }), Field("at", "date", new { }),
                Field("data", "json", new { maxSize = 10000 }), Field("text", "editor", new { convertUrls = false }),
                Field("kind", "select", new { values = (string[])["a", "b", "c"], maxSelect = 2 }),
                Field("cover", "file", new { maxSelect = 1, maxSize = 5000000, thumbs = (string[])["50x50"] }),
                Field("notes", "file", new { maxSelect = 3, maxSize = 5000000, @protected = true }),
                Field("owner", "relation", new { collectionId = "_pb_users_auth_", maxSelect = 1, cascadeDelete = true }),
                Field("tags", "relation", new { collectionId = tags }),
            },
        });
        await AddAsync(new
        {
            name = "scores",
            type = "view",
            listRule = "",
            viewRule = "",
            options = new { query = "select owner as id, sum(score) as total, count(*) as posts from posts group by owner" },
        });
    }

    private static object Field(string name, string type, object options) => new { name, type, options };

    private async Task AddAsync(object collection) =>
        (await _admin.PostAsync("api/collections", collection)).Expect(HttpStatusCode.OK);

    private async Task AddUserAsync(string name)
    {
        using var guest = new ApiClient(Url);
        var email = $"{name}@example.com";
        var user = new { username = name, email, password = Password, passwordConfirm = Password, name };
        var id = (await guest.PostAsync("api/collections/users/records", user)).Expect(HttpStatusCode.OK).Id;
        var login = await guest.PostAsync(
            "api/collections/users/auth-with-password", new { identity = name, password = Password });
        Users[name] = (id, login.Expect(HttpStatusCode.OK).Json.GetProperty("token").GetString()!);
    }

    private async Task AddPostsAsync()
    {
        var tags = new List<string>();
        foreach (var label in (string[])["red", "green", "blue"])
            tags.Add((await _admin.CreateRecordAsync("tags", new { label })).Id);
        var number = 0;
        foreach (var (name, (id, token)) in Users)
        {
            for (var count = 0; count < 5; count++)
            {
                var png = Convert.FromBase64String(
                    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
                var note = new byte[(number + 1) * 1000];
                new Random(++number).NextBytes(note);
                using var form = new MultipartFormDataContent
                {
                    { new StringContent($"{name}'s post {count}"), "title" },
                    { new StringContent(count % 2 == 0 ? "true" : "false"), "public" },
                    { new StringContent($"{number}.5"), "score" },
                    { new StringContent("2026-01-02 03:04:05.678Z"), "at" },
                    { new StringContent($$"""{"n":[{{number}},null,"ä"]}"""), "data" },
                    { new StringContent("<p>text</p>"), "text" },
                    { new StringContent("b"), "kind" },
                    { new StringContent("c"), "kind" },
                    { new StringContent(id), "owner" },
                    { new StringContent(tags[count % 3]), "tags" },
                    { new StringContent(tags[(count + 1) % 3]), "tags" },
                    { new ByteArrayContent(png), "cover", "cover.png" },
                    { new ByteArrayContent(note), "notes", "note.bin" },
                };
                await AddPostAsync(form, token, png, note);
            }
        }
    }

    private async Task AddPostAsync(MultipartFormDataContent form, string token, byte[] cover, byte[] note)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/collections/posts/records") { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue(token);
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        var post = JsonSerializer.Deserialize<JsonElement>(text);
        var folder = $"api/files/{post.GetProperty("collectionId").GetString()}/{post.GetProperty("id").GetString()}";
        var coverName = post.GetProperty("cover").GetString();
        Files[$"{folder}/{coverName}"] = cover;
        Files[$"{folder}/{post.GetProperty("notes")[0].GetString()}"] = note;
        // PocketBase keeps the thumbnail beside the file.
        using var thumb = await _client.GetAsync($"{folder}/{coverName}?thumb=50x50");
        Assert.True(thumb.IsSuccessStatusCode);
    }
}
