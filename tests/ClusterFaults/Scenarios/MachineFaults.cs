using Platform.ClusterFaults.Tests.Clusters;
using Platform.Testing;

namespace Platform.ClusterFaults.Tests.Scenarios;

/// <summary>
/// Packets that do not arrive, from a process to what it needs, or back, or both; and a disk without room. Needs root.
/// </summary>
internal static class MachineFaults
{
    private static readonly string[] Ways = ["both", "in", "out"];

    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        .. Ways.Select(way => new FaultScenario($"etcd-cut-{way}", context => EtcdCutAsync(context, way), way == "both")),
        .. Ways.Select(way => new FaultScenario($"s3-cut-{way}", context => S3CutAsync(context, way), way == "in")),
        .. Ways.Select(way => new FaultScenario(
            $"gateways-cut-{way}", context => GatewaysCutAsync(context, way), way == "out")),
        new("node-isolated", IsolatedAsync),
        new("owner-refuses-control-planes", RefusedAsync),
        new("gateway-cut-from-etcd", GatewayCutAsync, IsQuick: false),
        new("coordinator-cut-from-etcd", CoordinatorCutAsync, IsQuick: false),
        new("disk-full", DiskFullAsync),
    ];

    /// <summary>The node must stop serving before others take its tenants, though it can still store and answer.</summary>
    private static async Task EtcdCutAsync(FaultContext context, string way)
    {
        var owner = await context.OwnerAsync();
        await context.Cluster.CutAsync(owner, "etcd", way);
        await context.OwnsNothingAsync(owner);
        await context.WritesAsync(10);
        await context.GoOnAtMostAsync(FaultCluster.LeaseTtl);
        await context.Cluster.HealAsync(owner);
    }

    /// <summary>A node that keeps its lease and cannot store: writes wait, get 503, and go on afterwards.</summary>
    private static async Task S3CutAsync(FaultContext context, string way)
    {
        var owner = await context.OwnerAsync();
        await context.Cluster.CutAsync(owner, "s3", way);
        await FaultContext.GoOnAsync(TimeSpan.FromSeconds(6));
        await context.Cluster.HealAsync(owner);
    }

    private static async Task GatewaysCutAsync(FaultContext context, string way)
    {
        var owner = await context.OwnerAsync();
        foreach (var gateway in context.Cluster.Gateways) await context.Cluster.CutAsync(owner, gateway, way);
        await FaultContext.GoOnAsync(TimeSpan.FromSeconds(5));
        await context.Cluster.HealAsync(owner);
    }

    private static async Task IsolatedAsync(FaultContext context)
    {
        var owner = await context.OwnerAsync();
        foreach (var peer in context.Cluster.Processes.Keys.Where(name => name != owner).Append("etcd").Append("s3"))
            await context.Cluster.CutAsync(owner, peer, "both");
        await context.OwnsNothingAsync(owner);
        await context.WritesAsync(10);
        await context.Cluster.HealAsync(owner);
    }

    /// <summary>
    /// The node looks dead to those who decide, and lives: it serves clients, stores, and has its lease. It must find out
    /// that it was given up, and nobody may be told anything by two owners meanwhile.
    /// </summary>
    private static async Task RefusedAsync(FaultContext context)
    {
        var owner = await context.OwnerAsync();
        var deaths = await context.Cluster.DeathsOfAsync(owner);
        foreach (var control in context.Cluster.ControlPlanes) await context.Cluster.RejectAsync(owner, control);
        await Eventually.TrueAsync(
            $"{owner} is taken for dead", async () => await context.Cluster.DeathsOfAsync(owner) > deaths);
        await Eventually.TrueAsync(
            $"{owner} hears of it", () => context.Cluster.LogOf(owner, 400).Contains("taken it for dead", StringComparison.Ordinal));
        await context.WritesAsync(10);
        await context.Cluster.HealAsync(owner);
        await Eventually.TrueAsync($"{owner} is back", async () => await context.Cluster.StatusOfAsync(owner) == "healthy");
    }

    /// <summary>A gateway with routes of before learns from nodes and the coordinator.</summary>
    private static async Task GatewayCutAsync(FaultContext context)
    {
        var gateway = context.Choose(context.Cluster.Gateways);
        await context.Cluster.CutAsync(gateway, "etcd", "both");
        var owner = await context.OwnerAsync();
        await context.DrainAsync(owner);
        await context.WritesAsync(10);
        await context.Cluster.HealAsync(gateway);
    }

    private static async Task CoordinatorCutAsync(FaultContext context)
    {
        var leader = await context.LeaderAsync();
        await context.Cluster.CutAsync(leader, "etcd", "both");
        await Eventually.TrueAsync("there is another coordinator", async () =>
            await context.Cluster.CoordinatorAsync() is { } next && next != leader);
        var owner = await context.OwnerAsync();
        await context.Cluster.KillAsync(owner);
        await context.OwnsNothingAsync(owner);
        await context.Cluster.HealAsync(leader);
        await context.Cluster.RestartAsync(owner);
    }

    /// <summary>All tenants on a node whose disk has no room for anything.</summary>
    private static async Task DiskFullAsync(FaultContext context)
    {
        var node = FaultCluster.NodeWithSmallDisk;
        foreach (var other in context.Cluster.Nodes.Where(other => other != node)) await context.DrainAsync(other);
        var ballast = Path.Combine(context.Cluster.DataOf(node), "ballast");
        await using (var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            await Assert.ThrowsAsync<IOException>(async () =>
            {
                var zeros = new byte[64 * 1024];
                while (true) await file.WriteAsync(zeros);
            });
        }

        await FaultContext.GoOnAsync(TimeSpan.FromSeconds(5));
        File.Delete(ballast);
    }
}
