using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Recovery;

/// <summary>A tenant that cannot be restored: what its users see, and what its operator sees.</summary>
public sealed class DamagedTenantTests
{
    [Fact]
    public async Task Users_get_503_without_a_path_and_the_operator_gets_the_object_and_what_to_do()
    {
        var first = await RecoveryApi.StartAsync(superusers: 3);
        var history = await RecoveryApi.HistoryAsync(first);
        var folder = await first.StopAsync();
        var file = Directory.GetFiles(folder.File("data/objects/tenants/acme/data.db/ltx/0")).Order().ElementAt(1);
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..^3]);
        Directory.Delete(folder.File("data/cache"), recursive: true);

        await using var node = await NodeFixture.StartAsync(folder);
        using var raw = await node.SendRawAsync("GET", "/api/collections/users/records", host: "acme.localhost", token: null);
        var body = await raw.Content.ReadAsStringAsync();
        Assert.Equal(503, (int)raw.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(60), raw.Headers.RetryAfter!.Delta);
        Assert.Contains("damaged or incomplete", body, StringComparison.Ordinal);
        Assert.DoesNotContain("ltx", body, StringComparison.Ordinal);

        var (status, answer) = await node.SendAsync(
            "POST", $"{RecoveryApi.Acme}/superuser", """{"email":"new@example.com","password":"a-long-password"}""");
        Assert.Equal(409, status);
        var message = answer.GetProperty("message").GetString();
        Assert.Contains(Path.GetFileName(file), message, StringComparison.Ordinal);
        Assert.Contains("Other retained files may still reach an earlier transaction", message, StringComparison.Ordinal);

        // What the log and the answer recommend does help.
        Assert.Equal(
            200, (await node.SendAsync("POST", $"{RecoveryApi.Acme}/rewind", $$"""{"txid":"{{history[0].Txid}}"}""")).Status);
        Assert.Equal("1", await RecoveryApi.SuperusersAsync(node));
    }
}
