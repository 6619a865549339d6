using System.Net;
using Platform.EndToEnd.Tests.Support;

namespace Platform.EndToEnd.Tests.Isolation;

/// <summary>One tenant is nothing to another: not its tokens, not its names, not its rows.</summary>
[Collection(SharedPlatformCollection.Name)]
public sealed class TenantIsolationTests(SharedPlatform platform)
{
    [Fact]
    public async Task A_token_of_one_tenant_is_refused_by_another()
    {
        using var mine = await platform.CreateTenantAsync("mine");
        using var yours = await platform.CreateTenantAsync("yours");
        yours.Token = mine.Token;
        Assert.Equal(HttpStatusCode.Unauthorized, (await yours.GetAsync("api/collections")).Status);
        (await mine.GetAsync("api/collections")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_cluster_admin_token_is_no_superuser_of_a_tenant()
    {
        using var tenant = await platform.CreateTenantAsync("guarded");
        tenant.Token = $"Bearer {platform.Process.AdminToken}";
        Assert.Equal(HttpStatusCode.Unauthorized, (await tenant.GetAsync("api/collections")).Status);
    }

    [Fact]
    public async Task A_tenants_token_opens_no_admin_api()
    {
        using var tenant = await platform.CreateTenantAsync("climbing");
        // The token names its tenant, so the request may be that tenant's, where there is no such path.
        foreach (var authorization in new[] { tenant.Token, $"Bearer {tenant.Token}" })
        {
            using var client = new ApiClient(platform.Process.Url, authorization);
            var answer = await client.GetAsync("api/cp/tenants");
            Assert.True(answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound, answer.Text);
        }
    }

    [Fact]
    public async Task The_admin_api_does_not_answer_at_a_tenants_host()
    {
        using var tenant = await platform.CreateTenantAsync("own-host");
        tenant.Token = $"Bearer {platform.Process.AdminToken}";
        Assert.Equal(HttpStatusCode.NotFound, (await tenant.GetAsync("api/cp/tenants")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await tenant.GetAsync("metrics")).Status);
    }

    [Fact]
    public async Task Collections_of_the_same_name_share_nothing()
    {
        using var first = await platform.CreateTenantAsync("twin");
        using var second = await platform.CreateTenantAsync("twin");
        foreach (var tenant in new[] { first, second })
            await tenant.CreateOpenCollectionAsync("notes", new { name = "text", type = "text" });
        var record = await first.CreateRecordAsync("notes", new { text = "of the first" });
        Assert.Equal(HttpStatusCode.NotFound, (await second.GetAsync($"api/collections/notes/records/{record.Id}")).Status);
        var list = (await second.GetAsync("api/collections/notes/records")).Expect(HttpStatusCode.OK);
        Assert.Equal(0, list.Json.GetProperty("totalItems").GetInt32());
    }

    [Fact]
    public async Task The_header_names_a_tenant_where_the_host_names_none()
    {
        using var tenant = await platform.CreateTenantAsync("by-header");
        await tenant.CreateOpenCollectionAsync("notes", new { name = "text", type = "text" });
        await tenant.CreateRecordAsync("notes", new { text = "found" });
        using var client = new ApiClient(platform.Process.Url);
        var answer = await client.SendAsync(
            HttpMethod.Get, "api/collections/notes/records", body: null, ("X-Tenant-ID", tenant.Url.Host.Split('.')[0]));
        Assert.Contains("found", answer.Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_contradicts_the_host_is_refused_and_crosses_no_border()
    {
        using var first = await platform.CreateTenantAsync("border");
        using var second = await platform.CreateTenantAsync("border");
        var answer = await first.SendAsync(
            HttpMethod.Get, "api/collections", body: null, ("X-Tenant-ID", second.Url.Host.Split('.')[0]));
        Assert.True(
            answer.Status is HttpStatusCode.BadRequest,
            $"a request that names two tenants is refused, not guessed: {(int)answer.Status} {answer.Text}");
    }
}
