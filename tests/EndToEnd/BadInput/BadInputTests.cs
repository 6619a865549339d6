using System.Net;
using Platform.EndToEnd.Tests.Support;

namespace Platform.EndToEnd.Tests.BadInput;

/// <summary>Every kind of bad input gets its status and a sentence; the tenant and the process live on.</summary>
[Collection(SharedPlatformCollection.Name)]
public sealed class BadInputTests(SharedPlatform platform)
{
    private const string Records = "api/collections/notes/records";

    [Theory]
    [InlineData("POST", Records, "{\"title\": ", 400)]
    [InlineData("POST", Records, "[1, 2]", 400)]
    [InlineData("POST", Records, "not json at all", 400)]
    [InlineData("POST", Records, "{\"id\":\"not a good id\"}", 400)]
    [InlineData("POST", "api/collections/nowhere/records", "{}", 404)]
    [InlineData("POST", "api/collections", "{\"name\":\"1 bad name\"}", 400)]
    [InlineData("POST", "api/collections", "{\"name\":\"fields_wrong\",\"fields\":5}", 400)]
    [InlineData("POST", "api/collections", "{\"name\":\"notes\",\"type\":\"base\"}", 400)]
    [InlineData("POST", "api/collections/_superusers/auth-with-password", "{}", 400)]
    [InlineData("POST", "api/collections/notes/auth-with-password", "{\"identity\":\"a\",\"password\":\"b\"}", 400, 403, 404)]
    [InlineData("PATCH", Records + "/nobody000000000", "{}", 404)]
    [InlineData("DELETE", Records + "/nobody000000000", null, 404)]
    [InlineData("GET", Records + "/..%2F..%2Fdata.db", null, 404)]
    [InlineData("GET", "api/collections/nowhere/records", null, 404)]
    [InlineData("GET", "api/collections/n%22owhere/records", null, 404)]
    [InlineData("GET", "api/nothing/like/this", null, 404)]
    [InlineData("GET", "", null, 404)]
    [InlineData("GET", Records + "?filter=title%20%3D%20", null, 400)]
    [InlineData("GET", Records + "?filter=(title%3D%27a%27", null, 400)]
    [InlineData("GET", Records + "?filter=title%3D%27a", null, 400)]
    [InlineData("GET", Records + "?filter=missing%3D1", null, 400)]
    [InlineData("GET", Records + "?sort=missing", null, 400)]
    [InlineData("PUT", Records, "{}", 404, 405)]
    public async Task Bad_input_gets_its_status_and_a_sentence(string method, string path, string? body, params int[] statuses)
    {
        using var tenant = await PrepareAsync();
        var answer = await tenant.SendAsync(new HttpMethod(method), path, body);
        Assert.True(statuses.Contains((int)answer.Status), $"{(int)answer.Status}: {answer.Text}");
        AssertSaid(answer);
        await AssertLivesAsync(tenant);
    }

    [Fact]
    public async Task A_filter_that_is_wrong_says_where()
    {
        using var tenant = await PrepareAsync();
        var answer = await tenant.GetAsync($"{Records}?filter={Uri.EscapeDataString("title = 'a' && && title = 'b'")}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Matches(@"\d", answer.Message);
        AssertSaid(answer);
    }

    [Fact]
    public async Task A_filter_that_is_too_deep_or_too_long_is_refused()
    {
        using var tenant = await PrepareAsync();
        var deep = $"{new string('(', 400)}title='a'{new string(')', 400)}";
        var longest = string.Join("||", Enumerable.Repeat("title='abcdefghij'", 250));
        foreach (var filter in new[] { deep, longest })
        {
            var answer = await tenant.GetAsync($"{Records}?filter={Uri.EscapeDataString(filter)}");
            Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{(int)answer.Status} {answer.Text}");
            AssertSaid(answer);
        }

        await AssertLivesAsync(tenant);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        using var tenant = await PrepareAsync();
        var answer = await tenant.PostAsync(Records, $"{{\"title\":\"{new string('x', 33 * 1024 * 1024)}\"}}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        AssertSaid(answer);
        await AssertLivesAsync(tenant);
    }

    [Theory]
    [InlineData("not-a-token")]
    [InlineData("Bearer ")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJ0eXBlIjoiYXV0aCIsImlkIjoiYWRtaW4ifQ.")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJ0eXBlIjoiYXV0aCIsImlkIjoieCIsImNvbGxlY3Rpb25JZCI6InBiY18zMTQyNjM1ODIzIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2ln")]
    [InlineData(null)]
    public async Task A_wrong_or_missing_token_is_unauthorized(string? token)
    {
        using var tenant = await PrepareAsync();
        tenant.Token = token;
        var answer = await tenant.GetAsync("api/collections");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        AssertSaid(answer);
    }

    internal static void AssertSaid(ApiAnswer answer)
    {
        Assert.Equal((int)answer.Status, answer.Json.GetProperty("status").GetInt32());
        Assert.NotEqual("", answer.Message);
        Assert.Equal(System.Text.Json.JsonValueKind.Object, answer.Json.GetProperty("data").ValueKind);
        foreach (var leak in new[] { "   at ", "Exception", "SELECT ", "INSERT ", "sqlite", "/cache/", ".cs:" })
            Assert.DoesNotContain(leak, answer.Text, StringComparison.Ordinal);
    }

    private static async Task AssertLivesAsync(ApiClient tenant)
    {
        var record = await tenant.CreateRecordAsync("notes", new { title = "after" });
        (await tenant.GetAsync($"{Records}/{record.Id}")).Expect(HttpStatusCode.OK);
    }

    /// <summary>All rows share a tenant: what one of them broke, the next one would find.</summary>
    private async Task<ApiClient> PrepareAsync()
    {
        const string Id = "bad-input";
        using var admin = platform.Process.Operator();
        if ((await admin.GetAsync($"api/cp/tenants/{Id}")).Status == HttpStatusCode.OK) return await platform.Process.SignInAsync(Id);
        var tenant = await platform.Process.CreateTenantAsync(Id);
        await tenant.CreateOpenCollectionAsync(
            "notes", new { name = "title", type = "text" }, new { name = "count", type = "number" });
        return tenant;
    }
}
