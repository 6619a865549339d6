using Platform.ClusterFaults.Tests.Clusters;

namespace Platform.ClusterFaults.Tests.Scenarios;

/// <summary>Packets that do not arrive: from a node to what it needs, or back, or both.</summary>
internal static class NetworkFaults
{
    private static readonly string[] Ways = ["both", "in", "out"];

    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        .. Ways.Select(way => new FaultScenario($"etcd-cut-{way}", context => EtcdCutAsync(context, way), way == "both")),
        .. Ways.Select(way => new FaultScenario($"s3-cut-{way}", context => S3CutAsync(context, way), way == "in")),
        .. Ways.Select(way => new FaultScenario(
            $"gateways-cut-{way}", context => GatewaysCutAsync(context, way), way == "out")),
        new("node-isolated", IsolatedAsync),
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
}
