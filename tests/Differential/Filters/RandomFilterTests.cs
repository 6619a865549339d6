using System.Globalization;
using Platform.Differential.Tests.Support;
using Xunit.Abstractions;

namespace Platform.Differential.Tests.Filters;

/// <summary>
/// Filters and sorts made at random select the same records in the same order from both servers. A mismatch is made as
/// small as it can be before it is reported, with its seed.
/// </summary>
[Collection(PeersCollection.Name)]
public sealed class RandomFilterTests(Peers peers, ITestOutputHelper output)
{
    private const string CountVariable = "DIFFERENTIAL_FILTERS";
    private const string SeedVariable = "DIFFERENTIAL_SEED";
    private const int AtOnce = 4;

    /// <summary>Mismatches that are shrunk and shown: more of them say no more.</summary>
    private const int ShownMax = 20;

    /// <summary>Requests for one shrinking.</summary>
    private const int ShrinksMax = 300;

    [Fact]
    public async Task Random_filters_select_the_same_records()
    {
        var count = Read(CountVariable, 2000);
        var seed = Read(SeedVariable, 1);
        var mismatches = new List<(int Seed, FilterNode Filter, string Sort)>();
        var seeds = Enumerable.Range(seed, count);
        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (each, _) =>
        {
            var generator = new FilterGenerator(each);
            var (filter, sort) = (generator.Filter(), generator.Sort());
            if (await CompareAsync(filter, sort) is null) return;
            lock (mismatches) mismatches.Add((each, filter, sort));
        });
        var times = peers.Times;
        var shown = new List<string>();
        foreach (var mismatch in mismatches.OrderBy(mismatch => mismatch.Filter.Text.Length).Take(ShownMax))
            shown.Add(await ShrinkAsync(mismatch));
        output.WriteLine($"{count} filters from seed {seed}: {times}");
        Assert.True(mismatches.Count == 0, $"{mismatches.Count} of {count} differ.\n{string.Join("\n\n", shown)}");
    }

    private static int Read(string variable, int missing) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : missing;

    private Task<string?> CompareAsync(FilterNode filter, string sort) =>
        peers.CompareAsync(Call(filter.Text, sort), Call(filter.PlatformText, sort));

    private static ApiCall Call(string filter, string sort) => new(
        "GET",
        $"api/collections/posts/records?q=a&perPage=100&fields=id&sort={Uri.EscapeDataString(sort)}&filter={Uri.EscapeDataString(filter)}");

    private async Task<string> ShrinkAsync((int Seed, FilterNode Filter, string Sort) mismatch)
    {
        var (seed, filter, sort) = mismatch;
        var difference = await CompareAsync(filter, sort) ?? "not again: it depends on the moment";
        var requests = 0;
        if (await CompareAsync(filter, "id") is { } plain)
            (sort, difference) = ("id", plain);
        for (var found = true; found && requests < ShrinksMax;)
        {
            found = false;
            foreach (var smaller in filter.Smaller())
            {
                if (++requests > ShrinksMax) break;
                if (await CompareAsync(smaller, sort) is not { } still) continue;
                (filter, difference, found) = (smaller, still, true);
                break;
            }
        }

        return $"seed {seed}, filter: {filter.Text}, sort: {sort}\n{difference}";
    }
}
