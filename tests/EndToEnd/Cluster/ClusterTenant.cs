using System.Text.Json;
using Platform.Testing;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>A tenant of a cluster, as its operator and its superuser use it.</summary>
internal static class ClusterTenant
{
    public const string Email = "admin@example.com";
    public const string Password = "a-long-password";

    /// <summary>Makes a tenant with a superuser; what the control plane answers.</summary>
    public static async Task<JsonElement> CreateAsync(LocalCluster cluster, string tenant, string process = "cp1")
    {
        var (status, body) = await cluster.AdminAsync(
            "POST", "api/cp/tenants", new { id = tenant, superuser = new { email = Email, password = Password } }, process);
        Assert.True(status == 201, $"{status}: {body}");
        return body;
    }

    /// <summary>The superuser's token, as soon as the gateway knows the tenant and it answers.</summary>
    public static async Task<string> LoginAsync(LocalCluster cluster, string tenant)
    {
        string? token = null;
        await Eventually.TrueAsync($"{tenant} lets its superuser in", async () =>
        {
            var (status, body) = await cluster.ClientAsync(
                tenant, "POST", "api/collections/_superusers/auth-with-password",
                new { identity = Email, password = Password });
            token = status == 200 ? body.GetProperty("token").GetString() : null;
            return token is not null;
        });
        return token!;
    }

    /// <summary>Writes a name into the tenant's settings.</summary>
    public static async Task NameAsync(LocalCluster cluster, string tenant, string name, string token)
    {
        var answer = await cluster.ClientAsync(tenant, "PATCH", "api/settings", new { meta = new { appName = name } }, token);
        Assert.True(answer.Status == 200, $"{answer}");
    }

    /// <summary>The name in the tenant's settings.</summary>
    public static async Task<string?> NameOfAsync(LocalCluster cluster, string tenant, string token)
    {
        var answer = await cluster.ClientAsync(tenant, "GET", "api/settings", token: token);
        Assert.True(answer.Status == 200, $"{answer}");
        return answer.Body.GetProperty("meta").GetProperty("appName").GetString();
    }
}
