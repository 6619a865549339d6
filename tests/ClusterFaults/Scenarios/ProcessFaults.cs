using System.Diagnostics;
using Platform.ClusterFaults.Tests.Clusters;
using Platform.Testing;

namespace Platform.ClusterFaults.Tests.Scenarios;

/// <summary>Processes that die, freeze, or are replaced in order.</summary>
internal static class ProcessFaults
{
    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        new("owner-killed", OwnerKilledAsync),
        new("owner-frozen", OwnerFrozenAsync),
        new("coordinator-killed", CoordinatorKilledAsync, IsUnnoticed: true),
        new("coordinator-frozen-and-owner-killed", CoordinatorFrozenAsync),
        new("gateway-killed", GatewayKilledAsync),
        new("etcd-leader-killed", EtcdLeaderKilledAsync, IsUnnoticed: true),
        new("coordinator-and-owner-killed", CoordinatorAndOwnerKilledAsync, IsQuick: false),
        new("etcd-majority-killed", EtcdMajorityKilledAsync, IsQuick: false),
        new("object-store-outage", ObjectStoreOutageAsync, IsQuick: false),
        new("object-store-blink", ObjectStoreBlinkAsync),
    ];

    private static async Task OwnerKilledAsync(FaultContext context)
    {
        var owner = await context.OwnerAsync();
        await context.GoOnAtMostAsync(TimeSpan.FromSeconds(1));
        await context.Cluster.KillAsync(owner);
        await context.OwnsNothingAsync(owner);
        await context.WritesAsync(10);
        await context.Cluster.RestartAsync(owner);
    }

    /// <summary>The zombie: it wakes up after its lease has ended and its tenants are served elsewhere.</summary>
    private static async Task OwnerFrozenAsync(FaultContext context)
    {
        var owner = await context.OwnerAsync();
        await context.GoOnAtMostAsync(TimeSpan.FromSeconds(1));
        var deaths = await context.Cluster.DeathsOfAsync(owner);
        await context.Cluster.PauseAsync(owner);
        await context.OwnsNothingAsync(owner);
        Assert.Equal(deaths, await context.Cluster.DeathsOfAsync(owner));
        await context.GoOnAtMostAsync(FaultCluster.LeaseTtl);
        await context.Cluster.ResumeAsync(owner);
        await Eventually.TrueAsync($"{owner} is back", async () => await context.Cluster.StatusOfAsync(owner) == "healthy");
    }

    private static async Task CoordinatorKilledAsync(FaultContext context)
    {
        var leader = await context.LeaderAsync();
        await context.Cluster.KillAsync(leader);
        var started = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync("there is another coordinator", async () =>
            await context.Cluster.CoordinatorAsync() is { } next && next != leader);
        context.Note($"{leader} was the coordinator, the next came after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        await context.WritesAsync(10);
        await context.Cluster.RestartAsync(leader);
    }

    private static async Task GatewayKilledAsync(FaultContext context)
    {
        var gateway = context.Choose(context.Cluster.Gateways);
        await context.GoOnAtMostAsync(TimeSpan.FromSeconds(1));
        await context.Cluster.KillAsync(gateway);
        await context.WritesAsync(20);
        await context.Cluster.RestartAsync(gateway);
    }

    private static async Task EtcdLeaderKilledAsync(FaultContext context)
    {
        var member = await context.Cluster.EtcdLeaderAsync();
        await context.GoOnAtMostAsync(TimeSpan.FromSeconds(1));
        await context.Cluster.EtcdAsync("kill", member);
        await context.WritesAsync(20);
        await context.Cluster.EtcdAsync("restart", member);
    }

    private static async Task CoordinatorAndOwnerKilledAsync(FaultContext context)
    {
        var owner = await context.OwnerAsync();
        var leader = await context.LeaderAsync();
        await Task.WhenAll(context.Cluster.KillAsync(leader), Task.Run(() => context.Cluster.KillAsync(owner)));
        await context.OwnsNothingAsync(owner);
        await context.WritesAsync(10);
        await context.Cluster.RestartAsync(leader);
        await context.Cluster.RestartAsync(owner);
    }

    /// <summary>A coordinator that wakes up after another took its place decides nothing.</summary>
    private static async Task CoordinatorFrozenAsync(FaultContext context)
    {
        var owner = await context.OwnerAsync();
        var leader = await context.LeaderAsync();
        var deaths = await context.Cluster.DeathsOfAsync(leader);
        await context.Cluster.PauseAsync(leader);
        await context.Cluster.KillAsync(owner);
        await context.OwnsNothingAsync(owner);
        Assert.Equal(deaths, await context.Cluster.DeathsOfAsync(leader));
        await context.WritesAsync(10);
        await context.Cluster.ResumeAsync(leader);
        await context.Cluster.RestartAsync(owner);
    }

    /// <summary>Nodes serve until their leases run out, then nobody does, and nobody acknowledges twice afterwards.</summary>
    private static async Task EtcdMajorityKilledAsync(FaultContext context)
    {
        await context.Cluster.EtcdAsync("kill", "1");
        await context.Cluster.EtcdAsync("kill", "2");
        await FaultContext.GoOnAsync(2 * FaultCluster.LeaseTtl);
        await context.Cluster.EtcdAsync("restart", "1");
        await context.Cluster.EtcdAsync("restart", "2");
    }

    private static Task ObjectStoreBlinkAsync(FaultContext context) => ObjectStoreAwayAsync(context, TimeSpan.FromSeconds(4));

    private static Task ObjectStoreOutageAsync(FaultContext context) => ObjectStoreAwayAsync(context, TimeSpan.FromSeconds(20));

    private static async Task ObjectStoreAwayAsync(FaultContext context, TimeSpan time)
    {
        await context.GoOnAtMostAsync(TimeSpan.FromSeconds(1));
        await context.Cluster.ObjectStore.KillAsync();
        await FaultContext.GoOnAsync(time);
        await context.Cluster.ObjectStore.RestartAsync();
    }
}
