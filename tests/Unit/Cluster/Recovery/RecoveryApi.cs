using System.Globalization;
using System.Text.Json;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Recovery;

/// <summary>A node with a tenant whose superusers are what its states differ by.</summary>
internal static class RecoveryApi
{
    public const string Acme = "/api/cp/tenants/acme";

    /// <summary>Creates the tenant with so many superusers, each in a transaction of its own.</summary>
    public static async Task<NodeFixture> StartAsync(int superusers, params string[] settings)
    {
        var node = await NodeFixture.StartAsync(settings);
        Assert.Equal(201, (await node.SendAsync("POST", "/api/cp/tenants", """{"id":"acme","metadata":{"plan":"free"}}""")).Status);
        for (var count = 1; count <= superusers; count++) await AddSuperuserAsync(node, count);
        return node;
    }

    public static async Task AddSuperuserAsync(NodeFixture node, int number, string tenant = "acme")
    {
        var body = string.Create(
            CultureInfo.InvariantCulture, $$"""{"email":"a{{number}}@example.com","password":"a-long-password"}""");
        Assert.Equal(204, (await node.SendAsync("POST", $"/api/cp/tenants/{tenant}/superuser", body)).Status);
    }

    /// <summary>Which of the superusers 1 to 9 can sign in.</summary>
    public static async Task<string> SuperusersAsync(NodeFixture node, string tenant = "acme", int upTo = 3)
    {
        var found = "";
        for (var number = 1; number <= upTo; number++)
        {
            var (status, _) = await node.SendAsync(
                "POST", "/api/collections/_superusers/auth-with-password",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"identity":"a{{number}}@example.com","password":"a-long-password"}"""),
                token: null, host: $"{tenant}.localhost");
            if (status == 200) found += number;
        }

        return found;
    }

    /// <summary>A token of the first superuser.</summary>
    public static async Task<string> SignInAsync(NodeFixture node, string tenant)
    {
        var (status, answer) = await node.SendAsync(
            "POST", "/api/collections/_superusers/auth-with-password",
            """{"identity":"a1@example.com","password":"a-long-password"}""", token: null, host: $"{tenant}.localhost");
        Assert.Equal(200, status);
        return answer.GetProperty("token").GetString()!;
    }

    /// <summary>The status of what only superusers may ask.</summary>
    public static async Task<int> ListCollectionsAsync(NodeFixture node, string tenant, string token) =>
        (await node.SendAsync("GET", "/api/collections", token: token, host: $"{tenant}.localhost")).Status;

    /// <summary>Transactions and their times, oldest first.</summary>
    public static async Task<List<(string Txid, string Time)>> HistoryAsync(NodeFixture node)
    {
        var (status, history) = await node.SendAsync("GET", $"{Acme}/history?perPage=200");
        Assert.Equal(200, status);
        return [.. history.GetProperty("items").EnumerateArray().Reverse()
            .Select(item => (item.GetProperty("txid").GetString()!, item.GetProperty("time").GetString()!))];
    }

    public static string Reason(JsonElement answer, string field) =>
        answer.GetProperty("data").GetProperty(field).GetProperty("code").GetString()!;
}
