using System.Globalization;
using Platform.ClusterFaults.Tests.Checking;
using Platform.ClusterFaults.Tests.Clusters;
using Platform.ClusterFaults.Tests.Load;
using Xunit.Abstractions;

namespace Platform.ClusterFaults.Tests.Scenarios;

/// <summary>Load, harm, and the question whether everything is as clients were told.</summary>
internal sealed class ScenarioRun(FaultCluster cluster, ITestOutputHelper output)
{
    private const int Tenants = 3;
    private const int Writers = 3;
    private const int WarmUpWrites = 10;
    private const int RecoveredWrites = 10;
    private const int ProblemsShown = 20;

    public async Task RunAsync(FaultScenario scenario, int seed)
    {
        // Tenants of its own: what is wrong is the harm's of this scenario.
        var run = Guid.NewGuid().ToString("n")[..6];
        var loads = Enumerable.Range(0, Tenants).Select(number => new TenantLoad(
            cluster, string.Create(CultureInfo.InvariantCulture, $"t{number}-{run}"), Writers, seed * 100 + number))
            .ToList();
        try
        {
            await Task.WhenAll(loads.Select(load => load.PrepareAsync()));
            await RunAsync(scenario, seed, loads);
        }
        finally
        {
            foreach (var load in loads) await load.StopAsync();
            await cluster.MakeWholeAsync();
            foreach (var load in loads)
            {
                await load.DeleteAsync();
                load.Dispose();
            }
        }
    }

    private async Task RunAsync(FaultScenario scenario, int seed, List<TenantLoad> loads)
    {
        var context = new FaultContext(cluster, loads, new Random(seed));
        var again = $"CLUSTER_FAULTS=all CLUSTER_FAULT_SEED={seed} "
            + $"dotnet test tests/ClusterFaults --filter DisplayName~{scenario.Name} does it again";
        try
        {
            foreach (var load in loads) load.Start();
            await context.WritesAsync(WarmUpWrites);
            await scenario.InflictAsync(context);
            await context.WritesAsync(RecoveredWrites);
            foreach (var load in loads) await load.StopAsync();
            var wrong = new List<string>();
            foreach (var load in loads) wrong.AddRange(await load.CheckAsync());
            if (scenario.IsUnnoticed) wrong.AddRange(Failures(loads));
            Report(scenario, seed, loads, context);
            Assert.True(wrong.Count == 0, $"{wrong.Count} violations:\n{string.Join('\n', wrong.Take(ProblemsShown))}\n{again}");
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException or HttpRequestException)
        {
            Report(scenario, seed, loads, context);
            foreach (var name in cluster.Processes.Keys) output.WriteLine($"--- {name}\n{cluster.LogOf(name)}");
            throw new InvalidOperationException($"{failure.Message}. {again}", failure);
        }
    }

    /// <summary>For what clients must not notice at all.</summary>
    private static IEnumerable<string> Failures(List<TenantLoad> loads) =>
        from load in loads
        from operation in load.History.Operations
        where operation.Outcome == Outcome.Unknown
        select $"{load.Tenant}: {operation.Kind} {operation.Key} failed: {operation.Note}";

    private void Report(FaultScenario scenario, int seed, List<TenantLoad> loads, FaultContext context)
    {
        var all = loads.SelectMany(load => load.History.Operations).ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{scenario.Name}, seed {seed}: {loads.Sum(load => load.History.Acknowledged)} acknowledged writes, "
            + $"{all.Count(operation => operation.Outcome == Outcome.Unknown)} requests without a certain outcome, "
            + $"longest pause {loads.Max(load => load.History.LongestPause).TotalSeconds:0.0} s. {context.Notes}"));
        var unknown = all.Where(operation => operation.Outcome == Outcome.Unknown)
            .GroupBy(operation => operation.Note.Length > 110 ? operation.Note[..110] : operation.Note);
        foreach (var kind in unknown.OrderByDescending(kind => kind.Count()).Take(6))
            output.WriteLine($"  {kind.Count()} x {kind.Key}");
    }
}
