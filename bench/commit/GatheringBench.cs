using System.Diagnostics;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.Testing;

namespace Platform.Commit.Bench;

/// <summary>
/// What waiting for writers that are about to be back is worth: two nodes on one store take turns, one with the wait.
/// </summary>
internal static class GatheringBench
{
    private const int Rounds = 7;
    private static readonly int[] WriterCounts = [1, 2, 4, 8, 16, 64];

    public static async Task<IReadOnlyList<object>> RunAsync(IObjectStore store, string name, TempFolder folder, TimeSpan each)
    {
        await using var with = new BenchNode(store, folder[$"with-{name}"], epoch: 1);
        await using var without = new BenchNode(store, folder[$"without-{name}"], epoch: 1, groupWaitMax: TimeSpan.Zero);
        var results = new List<object>();
        foreach (var writers in WriterCounts)
        {
            var (gathered, taken) = (new List<double>(), new List<double>());
            var (one, other) = (TenantId.Parse($"with-{writers}"), TenantId.Parse($"without-{writers}"));
            foreach (var (node, tenant) in new[] { (with, one), (without, other) })
            {
                await node.WriteAsync(tenant, "CREATE TABLE bench(id INTEGER PRIMARY KEY, a)");
                await RateAsync(node, tenant, writers, each);
            }

            for (var round = 0; round < Rounds; round++)
            {
                gathered.Add(await RateAsync(with, one, writers, each));
                taken.Add(await RateAsync(without, other, writers, each));
            }

            gathered.Sort();
            taken.Sort();
            results.Add(new
            {
                store = name,
                writers,
                perSecondWithWait = Math.Round(gathered[Rounds / 2]),
                perSecondWithout = Math.Round(taken[Rounds / 2]),
                ratio = Math.Round(gathered[Rounds / 2] / taken[Rounds / 2], 2),
            });
        }

        return results;
    }

    private static async Task<double> RateAsync(BenchNode node, TenantId tenant, int writers, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(started) < time; count++) await node.WriteAsync(tenant, InsertCommand.Small);
            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
