namespace Platform.ClusterFaults.Tests.Scenarios;

/// <summary>What operators do to a cluster under load, and what may happen meanwhile.</summary>
internal static class OperatorFaults
{
    private static readonly TimeSpan MoveMax = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        new("drain-storm", context => DrainStormAsync(context, rounds: 3), IsUnnoticed: true),
        new("long-drain-storm", context => DrainStormAsync(context, rounds: 20), IsQuick: false, IsUnnoticed: true),
        new("move-storm", context => MoveStormAsync(context, rounds: 10), IsUnnoticed: true),
        new("long-move-storm", context => MoveStormAsync(context, rounds: 100), IsQuick: false, IsUnnoticed: true),
        new("owner-killed-in-a-move", context => KilledInMoveAsync(context, move => move.From)),
        new("target-killed-in-a-move", context => KilledInMoveAsync(context, move => move.To), IsQuick: false),
        new("coordinator-killed-in-a-move", context => KilledInMoveAsync(context, move => move.Coordinator), IsQuick: false),
        new("rolling-restart", RollingRestartAsync, IsQuick: false, IsUnnoticed: true),
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

    /// <summary>All tenants at once, again and again, wherever the seed says; a move that is refused is no harm.</summary>
    private static async Task MoveStormAsync(FaultContext context, int rounds)
    {
        var moved = 0;
        for (var round = 0; round < rounds; round++)
        {
            var answers = await Task.WhenAll(context.Loads.Select(load => context.MoveAsync(
                load.Tenant, context.Choose(context.Cluster.Nodes))));
            moved += answers.Count(status => status is >= 200 and < 300);
        }

        context.Note($"{moved} moves");
        Assert.True(moved > 0, "no tenant was moved at all");
    }

    /// <summary>One of those who take part in a move is killed at some moment of it.</summary>
    private static async Task KilledInMoveAsync(
        FaultContext context, Func<(string From, string To, string Coordinator), string> whom)
    {
        var tenant = context.Choose(context.Loads).Tenant;
        var from = (await context.Cluster.OwnerOfAsync(tenant))!;
        var to = context.Choose(context.Cluster.Nodes.Where(node => node != from).ToList());
        var victim = whom((from, to, await context.LeaderAsync()));
        var moving = context.MoveAsync(tenant, to);
        await context.GoOnAtMostAsync(MoveMax);
        await context.Cluster.KillAsync(victim);
        context.Note($"{victim} was killed when {tenant} moved from {from} to {to}: {await moving}");
        await context.WritesAsync(10);
        await context.Cluster.RestartAsync(victim);
    }

    /// <summary>Everything, one after the other, as an upgrade does it.</summary>
    private static async Task RollingRestartAsync(FaultContext context)
    {
        foreach (var member in new[] { "1", "2", "3" }) await context.Cluster.EtcdAsync("restart", member);
        foreach (var name in context.Cluster.ControlPlanes.Concat(context.Cluster.Nodes).Concat(context.Cluster.Gateways))
            await context.Cluster.RestartAsync(name);
    }
}
