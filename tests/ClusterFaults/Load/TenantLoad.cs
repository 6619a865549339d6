using System.Globalization;
using System.Text.Json;
using Platform.ClusterFaults.Tests.Checking;
using Platform.ClusterFaults.Tests.Clusters;
using Platform.Testing;

namespace Platform.ClusterFaults.Tests.Load;

/// <summary>A tenant, the writers that use it, and what they were told.</summary>
internal sealed class TenantLoad : IDisposable
{
    private const string Email = "admin@example.com";
    private const string Password = "a-long-password";

    /// <summary>Of the final reads.</summary>
    private const int PageSize = 500;

    private readonly FaultCluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<LoadWriter> _writers;
    private Task _running = Task.CompletedTask;

    public TenantLoad(FaultCluster cluster, string tenant, int writers, int seed)
    {
        _cluster = cluster;
        Tenant = tenant;
        _writers =
        [
            .. Enumerable.Range(0, writers).Select(number => new LoadWriter(
                new TenantClient(cluster, tenant, number), History, number, new Random(seed * 100 + number))),
        ];
    }

    public string Tenant { get; }

    public History History { get; } = new();

    /// <summary>Acknowledged writes of the writer that has fewest.</summary>
    public long Least => _writers.Min(writer => writer.Acknowledged);

    /// <summary>Acknowledged writes of each writer.</summary>
    public IReadOnlyList<long> Acknowledged => [.. _writers.Select(writer => writer.Acknowledged)];

    /// <summary>Makes the tenant with its collections and counters.</summary>
    public async Task PrepareAsync()
    {
        await Eventually.TrueAsync($"{Tenant} is created", async () =>
        {
            var (status, body) = await _cluster.AdminAsync(
                "POST", "api/cp/tenants", new { id = Tenant, superuser = new { email = Email, password = Password } });
            return status is 201 or 409 ? true : status is 0 or >= 500 ? false
                : throw new InvalidOperationException($"{Tenant} was not created: {status} {body}");
        });
        using var client = new TenantClient(_cluster, Tenant, 0);
        var login = await client.RequireAsync(
            "POST", "api/collections/_superusers/auth-with-password", new { identity = Email, password = Password });
        client.Token = login.GetProperty("token").GetString();
        await CreateCollectionAsync(client, "notes", [], new { name = "text", type = "text" });
        await CreateCollectionAsync(client, "counters", [], new { name = "n", type = "number" });
        await CreateCollectionAsync(
            client, "claims", ["CREATE UNIQUE INDEX idx_claims_key ON claims (key)"], new { name = "key", type = "text" });
        foreach (var counter in Counters)
            await client.CreateAsync("api/collections/counters/records", new { id = counter, n = 0 });
    }

    public void Start() =>
        _running = Task.WhenAll(_writers.Select(writer => Task.Run(() => writer.RunAsync(_stop.Token))));

    /// <summary>Lets every request in flight end.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>What is wrong with the history, against what clients read now.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync() =>
        [.. HistoryChecker.Check(History.Operations, await ReadAsync()).Select(wrong => $"{Tenant}: {wrong}")];

    /// <summary>The cluster has other tenants to care for.</summary>
    public Task DeleteAsync() => _cluster.AdminAsync("DELETE", $"api/cp/tenants/{Tenant}");

    public void Dispose()
    {
        _stop.Dispose();
        foreach (var writer in _writers) writer.Dispose();
    }

    private IEnumerable<string> Counters =>
        Enumerable.Range(0, _writers.Count).Select(LoadWriter.CounterOf).Append(LoadWriter.Shared);

    private async Task<FinalState> ReadAsync()
    {
        using var client = new TenantClient(_cluster, Tenant, 0);
        var notes = await ListAsync(client, "notes");
        var counters = await ListAsync(client, "counters");
        var claims = await ListAsync(client, "claims");
        return new FinalState(
            notes.Select(IdOf).ToHashSet(StringComparer.Ordinal),
            counters.ToDictionary(IdOf, record => record.GetProperty("n").GetInt64(), StringComparer.Ordinal),
            claims.ToLookup(record => record.GetProperty("key").GetString()!, IdOf, StringComparer.Ordinal));
    }

    private static string IdOf(JsonElement record) => record.GetProperty("id").GetString()!;

    private static async Task<List<JsonElement>> ListAsync(TenantClient client, string collection)
    {
        var all = new List<JsonElement>();
        for (var page = 1; ; page++)
        {
            var path = string.Create(
                CultureInfo.InvariantCulture, $"api/collections/{collection}/records?perPage={PageSize}&page={page}&sort=id");
            var items = (await client.RequireAsync("GET", path)).GetProperty("items").EnumerateArray().ToList();
            all.AddRange(items);
            if (items.Count < PageSize) return all;
        }
    }

    private static Task CreateCollectionAsync(
        TenantClient client, string name, string[] indexes, params object[] fields) => client.CreateAsync(
        "api/collections",
        new { name, type = "base", listRule = "", viewRule = "", createRule = "", updateRule = "", indexes, fields });
}
