using Platform.EndToEnd.Tests.Support;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Cities;

/// <summary>The five-minute tour of <c>examples/cities</c> with a sample of its rows.</summary>
[Collection(SharedPlatformCollection.Name)]
public sealed class CitiesTourTests(SharedPlatform platform)
{
    private const string Folder = "examples/cities";

    [Fact]
    public async Task The_tour_works_as_written_and_loading_again_changes_nothing()
    {
        var id = platform.NextTenantId("cities");
        using (await platform.Process.CreateTenantAsync(id))
        {
        }

        string[] target = ["--url", platform.Process.TenantUrl(id).ToString(), "--email", TenantSetup.Email, "--password", TenantSetup.Password];
        var loaded = await NodeScript.RunAsync(Folder, "load.mjs", [.. target, "--limit", "2000"]);
        Assert.Contains("cities: 2000 of 2000 (100 %)", loaded, StringComparison.Ordinal);

        var more = await NodeScript.RunAsync(Folder, "load.mjs", [.. target, "--limit", "3000"]);
        Assert.Contains("cities: 2000 are there already", more, StringComparison.Ordinal);
        Assert.Contains("cities: 1000 of 1000 (100 %)", more, StringComparison.Ordinal);

        var answers = await NodeScript.RunAsync(Folder, "queries.mjs", ["--url", target[1]]);
        Assert.Matches(@"^3000 cities in \d{2,3} countries", answers);
        Assert.Matches(@"Cities of Japan by name.*: [1-9]\d* found, page 2", answers);
        Assert.Matches(@"San \w+", answers);
    }
}
