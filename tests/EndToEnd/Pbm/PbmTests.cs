using System.Text.Json;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Pbm;

/// <summary>The operator's command line against a running platform.</summary>
[Collection(SharedPlatformCollection.Name)]
public sealed class PbmTests(SharedPlatform platform)
{
    [Fact]
    public async Task A_tenant_is_created_shown_listed_and_deleted()
    {
        var id = platform.NextTenantId("by-pbm");
        var created = await SucceedAsync(
            "--json", "tenant", "create", id, "--durability", "local", "--meta", "plan=free",
            "--superuser-email", TenantSetup.Email, "--superuser-password", TenantSetup.Password);
        Assert.Equal(id, created.Json().GetProperty("id").GetString());
        Assert.Equal("local", created.Json().GetProperty("durability").GetString());

        using (await platform.Process.SignInAsync(id))
        {
        }

        var shown = await SucceedAsync("--json", "tenant", "show", id);
        Assert.Equal(id, shown.Json().GetProperty("id").GetString());
        var listed = await SucceedAsync("--json", "tenant", "list", "--search", id);
        Assert.Equal(1, listed.Json().GetProperty("totalItems").GetInt32());
        Assert.Contains(id, (await SucceedAsync("tenant", "list", "--all")).Output, StringComparison.Ordinal);

        await SucceedAsync("tenant", "delete", id, "--yes");
        using var client = new ApiClient(platform.Process.TenantUrl(id));
        Assert.Equal(404, (int)(await client.GetAsync("api/health")).Status);
    }

    [Fact]
    public async Task The_clusters_status_is_shown()
    {
        var status = await SucceedAsync("--json", "cluster", "status");
        Assert.Equal(JsonValueKind.Object, status.Json().ValueKind);
        Assert.NotEqual("", (await SucceedAsync("cluster", "status")).Output.Trim());
    }

    [Fact]
    public async Task Refusals_name_the_field_and_have_an_exit_code()
    {
        var id = platform.NextTenantId("taken");
        await SucceedAsync("tenant", "create", id);
        AssertRefused(await RunAsync("tenant", "create", id), 1, "id");
        AssertRefused(await RunAsync("tenant", "create", "Not_An_Id"), 2, "Not_An_Id");
        AssertRefused(await RunAsync("tenant", "show", "nobody"), 1, "nobody");
        AssertRefused(await RunAsync("tenant", "craete", "x"), 2, "create");
        AssertRefused(await RunAsync("--token", "wrong-token-wrong-token", "tenant", "list"), 4, "token");
        AssertRefused(await RunAsync("--server", "http://127.0.0.1:9", "tenant", "list"), 3, "127.0.0.1:9");
    }

    private static void AssertRefused(CommandResult result, int exitCode, string named)
    {
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    private async Task<CommandResult> SucceedAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => Command.RunAsync(
        BuiltProgram.Pbm,
        arguments,
        new Dictionary<string, string>
        {
            ["PBM_SERVER"] = platform.Process.Url.ToString(),
            ["PBM_TOKEN"] = platform.Process.AdminToken,
        });
}
