using System.Globalization;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing;
using Platform.Testing.Processes;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Durability;

/// <summary>
/// Kill -9 in the middle of writes, remove all local files, start again, and ask for everything that was ever
/// acknowledged: many times over, at moments that a seed decides (PLATFORM_TEST_SEED repeats a run).
/// </summary>
internal sealed class CrashRounds(PlatformProcess platform, ITestOutputHelper output)
{
    private const string Tenant = "crash";
    private const string Collection = "writes";

    /// <summary>How long the load may run before the kill, from the first write on.</summary>
    private static readonly TimeSpan LoadTimeMax = TimeSpan.FromMilliseconds(600);

    public async Task RunAsync(int rounds, int connections)
    {
        var seed = Seed();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        using (var tenant = await platform.CreateTenantAsync(Tenant))
        {
            await tenant.CreateOpenCollectionAsync(
                Collection, new { name = "key", type = "text" }, new { name = "filler", type = "text" });
        }

        var acknowledged = new HashSet<string>();
        for (var round = 1; round <= rounds; round++)
        {
            await WriteUntilKilledAsync(round, connections, random.NextDouble() * LoadTimeMax, acknowledged);
            platform.DeleteCache();
            await platform.StartAgainAsync();
            var stored = await StoredKeys.ReadAsync(platform, Tenant, Collection);
            var lost = acknowledged.Where(key => !stored.Contains(key)).Order().ToArray();
            Assert.True(lost.Length == 0, $"seed {seed}, round {round}: lost {lost.Length}: {string.Join(' ', lost.Take(20))}");
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{rounds} kills, {acknowledged.Count} acknowledged writes, none lost"));
        Assert.True(acknowledged.Count >= rounds, $"only {acknowledged.Count} writes in {rounds} rounds: no load");
    }

    private async Task WriteUntilKilledAsync(int round, int connections, TimeSpan loadTime, HashSet<string> acknowledged)
    {
        var load = new WriteLoad(platform, Tenant, Collection, connections);
        load.Start(round);
        await Eventually.TrueAsync("the first acknowledged write", () => load.Acknowledged.Count > 0);
        await Task.Delay(loadTime);
        await platform.KillAsync();
        await load.StopAsync();
        Assert.Empty(load.Refused);
        acknowledged.UnionWith(load.Acknowledged);
    }

    private static int Seed() =>
        int.TryParse(Environment.GetEnvironmentVariable("PLATFORM_TEST_SEED"), CultureInfo.InvariantCulture, out var seed)
            ? seed
            : Random.Shared.Next();
}
