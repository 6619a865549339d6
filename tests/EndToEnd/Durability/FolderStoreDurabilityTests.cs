using Platform.Testing.Processes;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Durability;

/// <summary>The promise of the product, with object storage in a folder.</summary>
public sealed class FolderStoreDurabilityTests(ITestOutputHelper output)
{
    [Fact]
    public async Task No_acknowledged_write_is_lost_by_kill_nine_and_loss_of_the_cache()
    {
        await using var platform = await PlatformProcess.StartAsync();
        await new CrashRounds(platform, output).RunAsync(rounds: 20, connections: 6);
    }
}
