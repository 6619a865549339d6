using System.Diagnostics;
using System.Globalization;
using Platform.ClusterFaults.Tests.Clusters;
using Platform.ClusterFaults.Tests.Load;
using Platform.Testing;

namespace Platform.ClusterFaults.Tests.Scenarios;

/// <summary>What a scenario works with: the cluster, the tenants under load, and the seed's choices.</summary>
internal sealed class FaultContext(FaultCluster cluster, IReadOnlyList<TenantLoad> loads, Random random)
{
    private readonly List<string> _notes = [];

    public FaultCluster Cluster => cluster;

    public IReadOnlyList<TenantLoad> Loads => loads;

    /// <summary>What happened, for the output of the test.</summary>
    public string Notes => string.Join("; ", _notes);

    public void Note(string text) => _notes.Add(text);

    public T Choose<T>(IReadOnlyList<T> among) => among[random.Next(among.Count)];

    /// <summary>The owner of a tenant that the seed chooses.</summary>
    public async Task<string> OwnerAsync()
    {
        var tenant = Choose(loads).Tenant;
        string? owner = null;
        await Eventually.TrueAsync(
            $"{tenant} has an owner", async () => (owner = await cluster.OwnerOfAsync(tenant)) is not null);
        Note($"{owner} owned {tenant}");
        return owner!;
    }

    /// <summary>The control plane in office.</summary>
    public async Task<string> LeaderAsync()
    {
        string? leader = null;
        await Eventually.TrueAsync(
            "there is a coordinator", async () => (leader = await cluster.CoordinatorAsync()) is not null);
        return leader!;
    }

    /// <summary>Waits until a node owns none of the tenants under load.</summary>
    public Task OwnsNothingAsync(string node) => Eventually.TrueAsync($"{node} owns none of the tenants", async () =>
    {
        foreach (var load in loads)
        {
            if (await cluster.OwnerOfAsync(load.Tenant) is not { } owner || owner == node) return false;
        }

        return true;
    });

    /// <summary>Has an operator take all tenants from a node.</summary>
    public async Task DrainAsync(string node)
    {
        var (status, body) = await cluster.AdminAsync("POST", $"api/cp/nodes/{node}/drain");
        Assert.True(status == 200, $"{node} was not drained: {status} {body}");
        await OwnsNothingAsync(node);
    }

    /// <summary>Has an operator move a tenant; the status of the answer, 0 when there was none.</summary>
    public async Task<int> MoveAsync(string tenant, string node) =>
        (await cluster.AdminAsync("POST", $"api/cp/tenants/{tenant}/migrate", new { node })).Status;

    /// <summary>Lets the load run over what was done: a time, within which everything may happen.</summary>
    public static Task GoOnAsync(TimeSpan time) => Task.Delay(time);

    /// <summary>A moment of the seed's choice, up to a limit.</summary>
    public Task GoOnAtMostAsync(TimeSpan time) => Task.Delay(random.NextDouble() * time);

    /// <summary>Waits until every writer of every tenant was told of a number of further writes.</summary>
    public async Task WritesAsync(int more)
    {
        var started = Stopwatch.GetTimestamp();
        var targets = loads.Select(load => load.Acknowledged.Select(count => count + more).ToList()).ToList();
        await Eventually.TrueAsync(
            $"{more} further writes of each writer",
            () => loads.Zip(targets).All(pair =>
                pair.First.Acknowledged.Zip(pair.Second).All(count => count.First >= count.Second)));
        Note(string.Create(
            CultureInfo.InvariantCulture, $"{more} writes of each after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
    }
}
