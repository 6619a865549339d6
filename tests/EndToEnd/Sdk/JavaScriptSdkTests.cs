using Platform.EndToEnd.Tests.Support;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Sdk;

/// <summary>The official JavaScript SDK against a tenant's own host name; each script is a list of named checks.</summary>
[Collection(SharedPlatformCollection.Name)]
public sealed class JavaScriptSdkTests(SharedPlatform platform)
{
    [Theory]
    [InlineData("authentication")]
    [InlineData("collections")]
    [InlineData("records")]
    [InlineData("lists")]
    [InlineData("rules")]
    [InlineData("files")]
    [InlineData("batch")]
    [InlineData("operations")]
    [InlineData("oauth2")]
    [InlineData("auth-flows")]
    [InlineData("realtime")]
    [InlineData("services")]
    [InlineData("browser")]
    public async Task The_official_sdk_works_with(string area)
    {
        using var tenant = await platform.CreateTenantAsync(area);
        var environment = new Dictionary<string, string>
        {
            ["TENANT_URL"] = tenant.Url.ToString(),
            ["TENANT_EMAIL"] = TenantSetup.Email,
            ["TENANT_PASSWORD"] = TenantSetup.Password,
        };
        var output = await NodeScript.RunAsync("tests/EndToEnd/Sdk/scripts", $"{area}.test.mjs", null, environment);
        Assert.Matches(@"# pass [1-9]", output);
        Assert.Matches(@"# fail 0", output);
    }
}
