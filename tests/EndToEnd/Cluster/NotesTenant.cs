namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>A tenant of a test, with one collection of notes.</summary>
internal static class NotesTenant
{
    /// <summary>A tenant with a collection that anybody may read; the token of its superuser.</summary>
    public static async Task<string> CreateAsync(LocalCluster cluster, string tenant)
    {
        await ClusterTenant.CreateAsync(cluster, tenant);
        var login = await cluster.ClientAsync(
            tenant, "POST", "api/collections/_superusers/auth-with-password",
            new { identity = ClusterTenant.Email, password = ClusterTenant.Password });
        Assert.True(login.Status == 200, $"{login.Status}: {login.Body}");
        var token = login.Body.GetProperty("token").GetString()!;
        var made = await cluster.ClientAsync(
            tenant, "POST", "api/collections",
            new { name = "notes", type = "base", listRule = "", fields = new[] { new { name = "text", type = "text" } } }, token);
        Assert.True(made.Status == 200, $"{made.Status}: {made.Body}");
        return token;
    }
}
