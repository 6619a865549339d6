using System.Net;
using Platform.EndToEnd.Tests.Support;

namespace Platform.EndToEnd.Tests.Isolation;

/// <summary>
/// Two tenants that are the same in everything that a token or a path can name: collections, ids, addresses, passwords.
/// Only their secrets differ.
/// </summary>
internal sealed class TwinTenants : IDisposable
{
    public const string UserId = "user00000000001";
    public const string RecordId = "note00000000001";

    private const string Password = "correct horse battery";

    private TwinTenants(ApiClient mine, ApiClient yours)
    {
        Mine = mine;
        Yours = yours;
    }

    /// <summary>Signed in as a superuser.</summary>
    public ApiClient Mine { get; }

    /// <summary>Signed in as a superuser.</summary>
    public ApiClient Yours { get; }

    public string TheirId => Yours.Url.Host.Split('.')[0];

    public static async Task<TwinTenants> CreateAsync(SharedPlatform platform)
    {
        var twins = new TwinTenants(await platform.CreateTenantAsync("twins"), await platform.CreateTenantAsync("twins"));
        await FillAsync(twins.Mine, "mine");
        await FillAsync(twins.Yours, "yours");
        return twins;
    }

    /// <summary>The token of the user, who has the same id in both.</summary>
    public static async Task<string> LoginAsync(ApiClient tenant)
    {
        using var guest = new ApiClient(tenant.Url);
        var answer = await guest.PostAsync(
            "api/collections/people/auth-with-password", new { identity = "a@example.com", password = Password });
        return answer.Expect(HttpStatusCode.OK).Json.GetProperty("token").GetString()!;
    }

    public static async Task<string> FileTokenAsync(ApiClient tenant, string token)
    {
        using var user = new ApiClient(tenant.Url, token);
        return (await user.PostAsync("api/files/token", new { })).Expect(HttpStatusCode.OK).Json.GetProperty("token").GetString()!;
    }

    /// <summary>The stored name of the note's file.</summary>
    public static async Task<string> FileNameAsync(ApiClient tenant) =>
        (await tenant.GetAsync($"api/collections/notes/records/{RecordId}")).Json.GetProperty("file").GetString()!;

    public void Dispose()
    {
        Mine.Dispose();
        Yours.Dispose();
    }

    private static async Task FillAsync(ApiClient tenant, string name)
    {
        const string SignedIn = "@request.auth.id != ''";
        (await tenant.PostAsync("api/collections", new
        {
            id = "people000000000",
            name = "people",
            type = "auth",
            listRule = SignedIn,
            viewRule = SignedIn,
        })).Expect(HttpStatusCode.OK);
        (await tenant.PostAsync("api/collections", new
        {
            id = "notes0000000000",
            name = "notes",
            type = "base",
            listRule = SignedIn,
            viewRule = SignedIn,
            createRule = SignedIn,
            updateRule = SignedIn,
            fields = new object[] { new { name = "text", type = "text" }, new Dictionary<string, object> { ["name"] = "file", ["type"] = "file", ["protected"] = true } },
        })).Expect(HttpStatusCode.OK);
        await tenant.CreateRecordAsync(
            "people", new { id = UserId, email = "a@example.com", password = Password, passwordConfirm = Password });
        using var form = new MultipartFormDataContent
        {
            { new StringContent(RecordId), "id" },
            { new StringContent($"text of {name}"), "text" },
            { new ByteArrayContent([.. System.Text.Encoding.UTF8.GetBytes($"file of {name}")]), "file", "file.txt" },
        };
        using var client = Platform.Testing.Processes.LoopbackHttp.Create(tenant.Url);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", tenant.Token);
        using var created = await client.PostAsync("api/collections/notes/records", form);
        Assert.Equal(HttpStatusCode.OK, created.StatusCode);
    }
}
