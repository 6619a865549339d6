using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Platform.EndToEnd.Tests.Pbm;
using Platform.EndToEnd.Tests.Recovery;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Transfer;

/// <summary>Data of the real PocketBase 0.22.20 moves in, and out again.</summary>
[Trait("needs", "npm")]
public sealed class PocketBaseMoveTests
{
    private static readonly string[] Collections = ["users", "posts", "tags", "scores"];

    [Fact]
    public async Task An_app_moves_in_and_its_users_notice_nothing()
    {
        await using var pocketBase = await PocketBaseProcess.StartAsync();
        using var app = await RealApp.BuildAsync(pocketBase);
        await using var platform = await PlatformProcess.StartAsync();
        var pbm = new PbmClient(platform);
        var answer = (await pbm.SucceedAsync("--json", "tenant", "import", "moved", pocketBase.DataFolder)).Json();
        var imported = answer.GetProperty("imported");
        Assert.Equal("before-0.23", imported.GetProperty("layout").GetString());
        Assert.Equal(Collections.Length, imported.GetProperty("collections").GetInt32());
        Assert.Equal(app.Files.Count, imported.GetProperty("files").GetInt32());
        Assert.Equal(app.Files.Values.Sum(file => file.Length), imported.GetProperty("fileBytes").GetInt64());
        var warning = Assert.Single(answer.GetProperty("warnings").EnumerateArray());
        Assert.Contains("@request.body.owner = @request.auth.id", warning.GetString(), StringComparison.Ordinal);

        await AssertSameAsync(app, platform, "moved");

        // Not on the node's disk alone.
        await platform.KillAsync();
        platform.DeleteCache();
        await platform.StartAgainAsync();
        await AssertSameAsync(app, platform, "moved");
    }

    [Fact]
    public async Task A_backup_of_PocketBase_moves_in_and_an_export_of_that_again()
    {
        using var folder = new TempFolder();
        await using var pocketBase = await PocketBaseProcess.StartAsync();
        using var app = await RealApp.BuildAsync(pocketBase);
        await app.BackUpAsync("moving.zip");
        await using var platform = await PlatformProcess.StartAsync();
        var pbm = new PbmClient(platform);
        var backup = Path.Combine(pocketBase.DataFolder, "backups", "moving.zip");
        await pbm.SucceedAsync("tenant", "import", "moved", backup);
        await AssertSameAsync(app, platform, "moved");
        await AssertOldestLogAsync(app, platform, "moved");

        var zip = folder["export.zip"];
        await pbm.SucceedAsync("tenant", "export", "moved", "--output", zip);
        await AssertLayoutAsync(zip, folder);
        var again = (await pbm.SucceedAsync("--json", "tenant", "import", "again", zip)).Json().GetProperty("imported");
        Assert.Equal("current", again.GetProperty("layout").GetString());
        Assert.Equal(app.Files.Count, again.GetProperty("files").GetInt32());
        await AssertSameAsync(app, platform, "again");
        await AssertOldestLogAsync(app, platform, "again");

        var taken = await pbm.RunAsync("tenant", "import", "again", zip);
        Assert.Equal(1, taken.ExitCode);
        Assert.Contains("replace", taken.Error, StringComparison.Ordinal);
        await pbm.SucceedAsync("tenant", "import", "again", zip, "--replace", "--yes");
        await AssertSameAsync(app, platform, "again");
    }

    private static async Task AssertSameAsync(RealApp app, PlatformProcess platform, string tenant)
    {
        var url = platform.TenantUrl(tenant);
        using var guest = new ApiClient(url);
        foreach (var (name, (id, token)) in app.Users)
        {
            await AssertUserAsync(guest, name, id);
            using var user = new ApiClient(url, token);
            var refreshed = await user.PostAsync("api/collections/users/auth-refresh", new { });
            Assert.Equal(id, refreshed.Expect(HttpStatusCode.OK).Json.GetProperty("record").GetProperty("id").GetString());
            await AssertListsAsync(app, token, user, ["posts", "scores"], "?perPage=200&sort=id&expand=owner,tags");
        }

        using var superuser = new ApiClient(url, app.AdminToken);
        (await superuser.GetAsync("api/settings")).Expect(HttpStatusCode.OK);
        await AssertListsAsync(app, app.AdminToken, superuser, Collections, "?perPage=200&sort=id");
        var login = new { identity = PocketBaseProcess.AdminEmail, password = PocketBaseProcess.AdminPassword };
        (await guest.PostAsync("api/collections/_superusers/auth-with-password", login)).Expect(HttpStatusCode.OK);
        await AssertFilesAsync(app, url, superuser);
    }

    private static async Task AssertOldestLogAsync(RealApp app, PlatformProcess platform, string tenant)
    {
        using var original = new ApiClient(app.Url, app.AdminToken);
        using var moved = new ApiClient(platform.TenantUrl(tenant), app.AdminToken);
        var logs = (await original.GetAsync("api/logs?perPage=1&sort=created")).Expect(HttpStatusCode.OK).Json;
        var oldest = logs.GetProperty("items")[0];
        var found = await moved.GetAsync($"api/logs/{oldest.GetProperty("id").GetString()}");
        foreach (var member in (string[])["created", "message", "level", "data"])
            Assert.True(
                JsonElement.DeepEquals(
                    oldest.GetProperty(member), found.Expect(HttpStatusCode.OK).Json.GetProperty(member)),
                $"{member}:\n{oldest}\n{found.Json}");
    }

    private static async Task AssertUserAsync(ApiClient guest, string name, string id)
    {
        foreach (var identity in (string[])[name, $"{name}@example.com"])
        {
            var answer = await guest.PostAsync(
                "api/collections/users/auth-with-password", new { identity, password = RealApp.Password });
            Assert.Equal(id, answer.Expect(HttpStatusCode.OK).Json.GetProperty("record").GetProperty("id").GetString());
        }

        var wrong = new { identity = name, password = RealApp.Password + "!" };
        (await guest.PostAsync("api/collections/users/auth-with-password", wrong)).Expect(HttpStatusCode.BadRequest);
    }

    /// <summary>The same requests, with the same token, to both.</summary>
    private static async Task AssertListsAsync(
        RealApp app, string token, ApiClient tenant, IEnumerable<string> collections, string query)
    {
        using var original = new ApiClient(app.Url, token);
        foreach (var collection in collections)
        {
            var path = $"api/collections/{collection}/records{query}";
            var expected = (await original.GetAsync(path)).Expect(HttpStatusCode.OK).Json;
            var found = (await tenant.GetAsync(path)).Expect(HttpStatusCode.OK).Json;
            Assert.True(expected.GetProperty("totalItems").GetInt32() > 0, collection);
            Assert.True(
                JsonElement.DeepEquals(expected.GetProperty("items"), found.GetProperty("items")),
                $"{collection}:\n{expected}\n{found}");
        }
    }

    private static async Task AssertFilesAsync(RealApp app, Uri url, ApiClient superuser)
    {
        var fileToken = (await superuser.PostAsync("api/files/token", new { }))
            .Expect(HttpStatusCode.OK).Json.GetProperty("token").GetString();
        using var client = LoopbackHttp.Create(url);
        foreach (var (path, content) in app.Files)
        {
            Assert.Equal(content, await client.GetByteArrayAsync($"{path}?token={fileToken}"));
            if (!path.EndsWith(".png", StringComparison.Ordinal)) continue;
            Assert.Equal(content, await client.GetByteArrayAsync(path));
            using var thumb = await client.GetAsync($"{path}?thumb=50x50");
            Assert.Equal("image/png", thumb.Content.Headers.ContentType?.MediaType);
        }
    }

    /// <summary>The database is read by another program than the one that wrote it.</summary>
    private static async Task AssertLayoutAsync(string zip, TempFolder folder)
    {
        await ZipFile.ExtractToDirectoryAsync(zip, folder["exported"]);
        var read = await Command.RunAsync(
            "python3",
            [
                "-c",
                """
                import sqlite3, sys
                data = sqlite3.connect(sys.argv[1] + '/data.db')
                logs = sqlite3.connect(sys.argv[1] + '/auxiliary.db')
                print(data.execute('pragma integrity_check').fetchone()[0], logs.execute('pragma integrity_check').fetchone()[0])
                tables = {row[0] for row in data.execute("select name from sqlite_master where type in ('table', 'view')")}
                print(' '.join(sorted(tables - {'sqlite_stat1', 'sqlite_stat4'})))
                print(' '.join(row[1] for row in data.execute('pragma table_info(_collections)')))
                print(data.execute('select total from scores order by 1').fetchall())
                """,
                folder["exported"],
            ]);
        var lines = read.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("ok ok", lines[0]);
        Assert.Equal(
            "_authOrigins _collections _externalAuths _mfas _migrations _otps _params _superusers posts scores tags users",
            lines[1]);
        Assert.Equal(
            "created createRule deleteRule fields id indexes listRule name options system type updated updateRule viewRule",
            string.Join(' ', lines[2].Split(' ').Order(StringComparer.OrdinalIgnoreCase)));
        Assert.Equal("[(17.5,), (42.5,)]", lines[3]);
    }
}
