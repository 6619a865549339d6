using System.Net;
using System.Text;
using System.Text.Json;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Isolation;

/// <summary>What one tenant gave out opens nothing in another, even where all that has a name is the same in both.</summary>
[Collection(SharedPlatformCollection.Name)]
public sealed class TwinIsolationTests(SharedPlatform platform)
{
    private const string Notes = "api/collections/notes/records";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_users_token_of_one_tenant_is_a_guests_in_another()
    {
        using var twins = await TwinTenants.CreateAsync(platform);
        var token = await TwinTenants.LoginAsync(twins.Mine);
        using (var home = new ApiClient(twins.Mine.Url, token))
            Assert.Contains("text of mine", (await home.GetAsync(Notes)).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        foreach (var authorization in new[] { token, "Bearer " + token })
        {
            using var abroad = new ApiClient(twins.Yours.Url, authorization);
            Assert.Equal(0, (await abroad.GetAsync(Notes)).Expect(HttpStatusCode.OK).Json.GetProperty("totalItems").GetInt32());
            Assert.Equal(HttpStatusCode.NotFound, (await abroad.GetAsync($"{Notes}/{TwinTenants.RecordId}")).Status);
            Assert.Equal(HttpStatusCode.BadRequest, (await abroad.PostAsync(Notes, new { text = "abroad" })).Status);
            Assert.Equal(
                HttpStatusCode.NotFound, (await abroad.PatchAsync($"{Notes}/{TwinTenants.RecordId}", new { text = "abroad" })).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await abroad.PostAsync("api/collections/people/auth-refresh", new { })).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await abroad.PostAsync("api/files/token", new { })).Status);
        }
    }

    [Fact]
    public async Task A_superusers_token_opens_no_operation_of_another_tenant()
    {
        using var twins = await TwinTenants.CreateAsync(platform);
        using var abroad = new ApiClient(twins.Yours.Url, twins.Mine.Token);
        foreach (var path in new[] { "api/collections", "api/settings", "api/collections/_superusers/records", "api/collections/notes" })
        {
            var answer = await abroad.GetAsync(path);
            Assert.True(answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{path}: {answer.Text}");
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await abroad.PostAsync("api/collections/_superusers/auth-refresh", new { })).Status);
        var deleted = await abroad.DeleteAsync($"{Notes}/{TwinTenants.RecordId}");
        Assert.True(deleted.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound, deleted.Text);
        (await twins.Yours.GetAsync($"{Notes}/{TwinTenants.RecordId}")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_file_token_opens_no_file_of_another_tenant()
    {
        using var twins = await TwinTenants.CreateAsync(platform);
        var mine = await TwinTenants.FileTokenAsync(twins.Mine, await TwinTenants.LoginAsync(twins.Mine));
        var yours = await TwinTenants.FileTokenAsync(twins.Yours, await TwinTenants.LoginAsync(twins.Yours));
        using var guest = new ApiClient(twins.Yours.Url);
        var path = $"api/files/notes/{TwinTenants.RecordId}/{await TwinTenants.FileNameAsync(twins.Yours)}";
        Assert.Equal("file of yours", (await guest.GetAsync($"{path}?token={yours}")).Expect(HttpStatusCode.OK).Text);
        foreach (var token in new[] { mine, await TwinTenants.LoginAsync(twins.Mine), twins.Mine.Token })
        {
            var answer = await guest.GetAsync($"{path}?token={token}");
            Assert.Equal(HttpStatusCode.NotFound, answer.Status);
            Assert.DoesNotContain("file of", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_path_of_a_file_leaves_the_tenant()
    {
        using var twins = await TwinTenants.CreateAsync(platform);
        var theirs = await TwinTenants.FileNameAsync(twins.Yours);
        var token = await TwinTenants.FileTokenAsync(twins.Mine, twins.Mine.Token!);
        var tail = $"tenants/{twins.TheirId}/storage/notes0000000000/{TwinTenants.RecordId}/{theirs}";
        foreach (var up in new[] { "..%2f", "%2e%2e%2f", "..%5c", "%2e%2e/", "..%252f", "....%2f%2f", "%00..%2f", "%c0%ae%c0%ae%2f" })
        {
            for (var steps = 1; steps < 6; steps++)
            {
                var climb = string.Concat(Enumerable.Repeat(up, steps));
                foreach (var path in new[]
                {
                    $"api/files/notes/{TwinTenants.RecordId}/{climb}{tail}", $"api/files/notes/{climb}{tail}", $"api/files/{climb}{tail}",
                    $"api/files/notes/{TwinTenants.RecordId}/{climb}{theirs}",
                    $"api/files/notes/{TwinTenants.RecordId}/{climb}{tail.Replace("/", "%2f", StringComparison.Ordinal)}",
                })
                {
                    var answer = await twins.Mine.GetAsync($"{path}?token={token}");
                    Assert.True((int)answer.Status is >= 400 and < 500, $"{path}: {(int)answer.Status} {answer.Text}");
                    Assert.DoesNotContain("file of", answer.Text, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task A_realtime_connection_belongs_to_its_tenant()
    {
        using var twins = await TwinTenants.CreateAsync(platform);
        using var http = LoopbackHttp.Create(twins.Mine.Url);
        using var stream = await http.GetAsync("api/realtime", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(), Encoding.UTF8);
        var clientId = (await NextDataAsync(reader)).GetProperty("clientId").GetString();
        var subscription = new { clientId, subscriptions = new[] { "notes/*" } };
        Assert.Equal(HttpStatusCode.NotFound, (await twins.Yours.PostAsync("api/realtime", subscription)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await twins.Mine.PostAsync("api/realtime", subscription)).Status);

        await twins.Yours.CreateRecordAsync("notes", new { text = "not for you" });
        await twins.Mine.CreateRecordAsync("notes", new { text = "for you" });
        var heard = await NextDataAsync(reader);
        Assert.Equal("for you", heard.GetProperty("record").GetProperty("text").GetString());
    }

    [Fact]
    public async Task Host_header_and_token_must_name_the_same_tenant()
    {
        using var twins = await TwinTenants.CreateAsync(platform);
        using var here = new ApiClient(platform.Process.Url, twins.Mine.Token);
        var answer = await here.SendAsync(HttpMethod.Get, "api/collections", body: null, ("X-Tenant-ID", twins.TheirId));
        Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized, $"{(int)answer.Status} {answer.Text}");
        foreach (var name in new[] { $"{twins.TheirId}/../x", "..", "%2e%2e", $"{twins.TheirId},{twins.TheirId}", "platform", "*", new string('a', 300) })
        {
            answer = await here.SendAsync(HttpMethod.Get, "api/collections", body: null, ("X-Tenant-ID", name));
            Assert.True((int)answer.Status is >= 400 and < 500, $"{name}: {(int)answer.Status} {answer.Text}");
        }

        var host = ($"{twins.TheirId}.localhost", twins.Yours.Url.Port);
        answer = await twins.Mine.SendAsync(HttpMethod.Get, "api/collections", body: null, ("Host", $"{host.Item1}:{host.Port}"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
    }

    private static async Task<JsonElement> NextDataAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync().WaitAsync(Bound) is { } line)
            if (line.StartsWith("data:", StringComparison.Ordinal)) return JsonDocument.Parse(line[5..]).RootElement.Clone();
        throw new EndOfStreamException("The stream ended.");
    }
}
