using System.IO.Compression;
using System.Net;
using System.Text;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Recovery;

/// <summary>Records with files that are replaced and deleted, and the ways back to them.</summary>
internal sealed class FileTour(PlatformProcess platform)
{
    private readonly PbmClient _pbm = new(platform);

    public async Task RunAsync()
    {
        using var tenant = await platform.CreateTenantAsync("files");
        await tenant.CreateOpenCollectionAsync("docs", new { name = "one", type = "file", maxSelect = 1 });
        var kept = await SendAsync(HttpMethod.Post, "files", "api/collections/docs/records", "kept");
        var gone = await SendAsync(HttpMethod.Post, "files", "api/collections/docs/records", "gone");
        var then = await NewestAsync("files");
        var replaced = await SendAsync(HttpMethod.Patch, "files", $"api/collections/docs/records/{kept.Id}", "replaced");
        (await tenant.DeleteAsync($"api/collections/docs/records/{gone.Id}")).Expect(HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync("files", gone)).Status);

        await _pbm.SucceedAsync("tenant", "restore", "files", "--txid", then, "--into", "then");
        await _pbm.SucceedAsync("tenant", "backup", "files", "create", "then", "--txid", then);
        await AssertZipAsync("then", "kept", "gone");
        await _pbm.SucceedAsync("tenant", "backup", "files", "create", "now");
        await AssertZipAsync("now", "replaced");
        var undo = await NewestAsync("files");
        await _pbm.SucceedAsync("tenant", "restore", "files", "--txid", then, "--yes");
        await AssertReadsAsync("files", kept, gone);
        await _pbm.SucceedAsync("tenant", "restore", "files", "--txid", undo, "--yes");
        await AssertReadsAsync("files", replaced);

        // A copy does not depend on its source, and the other way round.
        await _pbm.SucceedAsync("tenant", "delete", "files", "--yes");
        await _pbm.SucceedAsync("tenant", "undelete", "files");
        await AssertReadsAsync("files", replaced);
        Assert.Equal(1, (await _pbm.RunAsync("tenant", "purge", "files", "--yes")).ExitCode);
        await _pbm.SucceedAsync("tenant", "delete", "files", "--yes");
        await _pbm.SucceedAsync("tenant", "purge", "files", "--yes");
        await AssertReadsAsync("then", kept, gone);

        // Nothing of the purged one is left for who gets its name.
        using var next = await platform.CreateTenantAsync("files");
        (await next.GetAsync("api/collections/docs/records")).Expect(HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync("files", replaced)).Status);
    }

    private async Task<StoredText> SendAsync(HttpMethod method, string tenant, string path, string text)
    {
        using var client = LoopbackHttp.Create(platform.TenantUrl(tenant));
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "one", text + ".txt" },
        };
        using var request = new HttpRequestMessage(method, path) { Content = form };
        using var response = await client.SendAsync(request);
        var answer = new ApiAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(), RetryAfter: null)
            .Expect(HttpStatusCode.OK);
        return new StoredText(answer.Id, answer.Json.GetProperty("one").GetString()!, text);
    }

    private async Task<ApiAnswer> ReadAsync(string tenant, StoredText file)
    {
        using var client = new ApiClient(platform.TenantUrl(tenant));
        return await client.GetAsync($"api/files/docs/{file.Id}/{file.Name}");
    }

    private async Task AssertReadsAsync(string tenant, params StoredText[] files)
    {
        foreach (var file in files)
            Assert.Equal(file.Text, (await ReadAsync(tenant, file)).Expect(HttpStatusCode.OK).Text);
    }

    private async Task AssertZipAsync(string backup, params string[] texts)
    {
        using var folder = new TempFolder();
        await _pbm.SucceedAsync("tenant", "backup", "files", "download", backup, "--output", folder["backup.zip"]);
        await using var zip = await ZipFile.OpenReadAsync(folder["backup.zip"]);
        var found = new List<string>();
        foreach (var entry in zip.Entries.Where(static entry => entry.FullName.StartsWith("storage/", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            found.Add(await reader.ReadToEndAsync());
        }

        Assert.Equal(texts.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private async Task<string> NewestAsync(string tenant)
    {
        using var admin = platform.Operator();
        var history = (await admin.GetAsync($"api/cp/tenants/{tenant}/history")).Expect(HttpStatusCode.OK);
        return history.Json.GetProperty("latest").GetProperty("txid").GetString()!;
    }

    private sealed record StoredText(string Id, string Name, string Text);
}
