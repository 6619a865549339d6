using System.Net;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing;

namespace Platform.EndToEnd.Tests.BadInput;

/// <summary>Bad input of operators, and requests to tenants that are not there.</summary>
[Collection(SharedPlatformCollection.Name)]
public sealed class BadOperatorInputTests(SharedPlatform platform)
{
    [Theory]
    [InlineData("{\"id\":\"\"}", "id")]
    [InlineData("{\"id\":\"Upper_Case\"}", "id")]
    [InlineData("{\"id\":\"-edge\"}", "id")]
    [InlineData("{\"id\":5}", "id")]
    [InlineData("{\"id\":\"good-1\",\"durability\":\"maybe\"}", "durability")]
    [InlineData("{\"id\":\"good-2\",\"unknown\":1}", "unknown")]
    [InlineData("{\"id\":\"good-3\",\"superuser\":{\"email\":\"nobody\",\"password\":\"long-enough-1\"}}", "superuser")]
    [InlineData("{\"id\":\"good-4\",\"superuser\":{\"email\":\"a@example.com\",\"password\":\"short\"}}", "superuser")]
    [InlineData("{\"id\":\"good-5\",\"domains\":[\"not a host\"]}", "domains")]
    public async Task A_tenant_that_cannot_be_made_is_refused_by_field(string body, string field)
    {
        using var admin = platform.Process.Operator();
        var answer = (await admin.PostAsync("api/cp/tenants", body)).Expect(HttpStatusCode.BadRequest);
        BadInputTests.AssertSaid(answer);
        var fields = answer.Json.GetProperty("data").EnumerateObject().Select(property => property.Name);
        Assert.Contains(fields, name => name.StartsWith(field, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Malformed_json_is_refused()
    {
        using var admin = platform.Process.Operator();
        BadInputTests.AssertSaid((await admin.PostAsync("api/cp/tenants", "{\"id\": ")).Expect(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_taken_id_is_a_conflict()
    {
        using var admin = platform.Process.Operator();
        var id = platform.NextTenantId("taken");
        (await admin.PostAsync("api/cp/tenants", new { id })).Expect(HttpStatusCode.Created);
        BadInputTests.AssertSaid((await admin.PostAsync("api/cp/tenants", new { id })).Expect(HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong-token-wrong-token")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    public async Task The_admin_api_wants_its_token(string? token)
    {
        using var client = new ApiClient(platform.Process.Url, token);
        BadInputTests.AssertSaid((await client.GetAsync("api/cp/tenants")).Expect(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task A_tenant_that_was_never_made_is_not_found()
    {
        using var client = new ApiClient(platform.Process.TenantUrl("never-made"));
        BadInputTests.AssertSaid((await client.GetAsync("api/health")).Expect(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task A_malformed_tenant_id_is_a_bad_request()
    {
        using var client = new ApiClient(platform.Process.Url);
        var answer = await client.SendAsync(HttpMethod.Get, "api/health", body: null, ("X-Tenant-ID", "Not_An_Id!"));
        BadInputTests.AssertSaid(answer.Expect(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_deleted_tenant_stops_answering()
    {
        var id = platform.NextTenantId("deleted");
        using var tenant = await platform.Process.CreateTenantAsync(id);
        using var admin = platform.Process.Operator();
        var deleted = await admin.DeleteAsync($"api/cp/tenants/{id}");
        Assert.True((int)deleted.Status is 200 or 202 or 204, deleted.Text);
        await Eventually.TrueAsync("the tenant stops", async () =>
            (await tenant.GetAsync("api/collections")).Status == HttpStatusCode.NotFound);
        BadInputTests.AssertSaid((await tenant.GetAsync("api/collections")).Expect(HttpStatusCode.NotFound));
    }
}
