using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.Replication.Tests.Examples;

public sealed class ReplicateTests
{
    [Fact]
    public async Task The_example_ships_and_restores_a_database()
    {
        using var folder = new TempFolder();
        var result = await Command.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "Replicate.dll"), folder.Path]);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("restored transaction 0000000000000003 with 3 notes", result.Output, StringComparison.Ordinal);
    }
}
