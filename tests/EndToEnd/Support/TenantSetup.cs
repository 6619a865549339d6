using System.Net;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Support;

/// <summary>Tenants of a running platform, made as an operator makes them.</summary>
internal static class TenantSetup
{
    public const string Email = "admin@example.com";
    public const string Password = "a-long-password";

    /// <summary>The admin API of a platform.</summary>
    public static ApiClient Operator(this PlatformProcess platform) => new(platform.Url, $"Bearer {platform.AdminToken}");

    /// <summary>Creates a tenant; returns a client that is signed in as its superuser.</summary>
    public static async Task<ApiClient> CreateTenantAsync(
        this PlatformProcess platform, string id, string durability = "replicated")
    {
        using var admin = platform.Operator();
        var superuser = new { email = Email, password = Password };
        var answer = await admin.PostAsync("api/cp/tenants", new { id, durability, superuser });
        answer.Expect(HttpStatusCode.Created);
        return await platform.SignInAsync(id);
    }

    /// <summary>A client of an existing tenant's superuser.</summary>
    public static async Task<ApiClient> SignInAsync(this PlatformProcess platform, string id)
    {
        var client = new ApiClient(platform.TenantUrl(id));
        var credentials = new { identity = Email, password = Password };
        var answer = await client.PostAsync("api/collections/_superusers/auth-with-password", credentials);
        client.Token = answer.Expect(HttpStatusCode.OK).Json.GetProperty("token").GetString();
        return client;
    }

    /// <summary>A collection that everyone may use.</summary>
    public static async Task CreateOpenCollectionAsync(this ApiClient tenant, string name, params object[] fields)
    {
        var rules = new { name, type = "base", listRule = "", viewRule = "", createRule = "", updateRule = "", deleteRule = "", fields };
        (await tenant.PostAsync("api/collections", rules)).Expect(HttpStatusCode.OK);
    }
}
