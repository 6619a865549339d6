namespace Platform.ClusterFaults.Tests.Scenarios;

/// <summary>What operators do to a cluster under load.</summary>
internal static class OperatorFaults
{
    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        new("drain-storm", context => DrainStormAsync(context, rounds: 3), IsUnnoticed: true),
        new("long-drain-storm", context => DrainStormAsync(context, rounds: 20), IsQuick: false, IsUnnoticed: true),
        new("rolling-restart", RollingRestartAsync),
    ];

    private static async Task DrainStormAsync(FaultContext context, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var owner = await context.OwnerAsync();
            await context.DrainAsync(owner);
            await context.Cluster.AdminAsync("POST", $"api/cp/nodes/{owner}/uncordon");
        }
    }

    /// <summary>Everything, one after the other, as an upgrade does it.</summary>
    private static async Task RollingRestartAsync(FaultContext context)
    {
        foreach (var member in new[] { "1", "2", "3" }) await context.Cluster.EtcdAsync("restart", member);
        foreach (var name in context.Cluster.ControlPlanes.Concat(context.Cluster.Nodes).Concat(context.Cluster.Gateways))
            await context.Cluster.RestartAsync(name);
    }
}
