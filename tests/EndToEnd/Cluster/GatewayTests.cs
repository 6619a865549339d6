using System.Collections.Concurrent;
using System.Globalization;
using Platform.Testing;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>What clients see of a cluster, through its gateway, while nodes come and go.</summary>
public sealed class GatewayTests(LocalCluster cluster, ITestOutputHelper output) : IClassFixture<LocalCluster>
{
    private const string Password = "a-long-password";

    [Fact]
    public async Task A_client_reaches_its_tenant_by_host_name_wherever_it_runs()
    {
        var token = await CreateAsync("acme");

        Assert.Equal(200, (await cluster.ClientAsync("acme", "GET", "api/health")).Status);
        Assert.Equal(200, (await cluster.ClientAsync("acme", "GET", "api/settings", token: token)).Status);
        Assert.Equal(404, (await cluster.ClientAsync("nobody", "GET", "api/health")).Status);
    }

    [Fact]
    public async Task The_gateway_shows_no_admin_api_of_a_tenant_s_host_and_no_other_way_to_a_tenant()
    {
        await CreateAsync("walled");

        Assert.Equal(404, (await cluster.ClientAsync("walled", "GET", "api/cp/tenants")).Status);
        var owner = await OwnerOf("walled");
        var other = cluster.Nodes.First(node => node != owner);
        Assert.Equal(421, (await cluster.TenantAsync(other, "walled", "GET", "api/health")).Status);
    }

    [Fact]
    public async Task Clients_of_a_drained_node_see_no_failure_at_all()
    {
        var token = await CreateAsync("drained");
        var owner = await OwnerOf("drained");
        using var load = new Load(cluster, "drained", token);
        await load.WritesAsync(20);

        Assert.Equal(200, (await cluster.AdminAsync("POST", $"api/cp/nodes/{owner}/drain")).Status);
        await Eventually.TrueAsync("the tenant has moved", async () => await OwnerOf("drained") != owner);
        await load.WritesAsync(20);
        await load.StopAsync();

        Assert.Empty(load.Failures);
        await load.RequireAllAsync();
        output.WriteLine($"{load.Acknowledged} writes; the longest request took {load.Longest.TotalMilliseconds:0} ms.");
        await cluster.AdminAsync("POST", $"api/cp/nodes/{owner}/uncordon");
    }

    [Fact]
    public async Task When_a_node_is_killed_reads_are_held_and_no_acknowledged_write_is_lost()
    {
        var token = await CreateAsync("killed");
        var owner = await OwnerOf("killed");
        using var load = new Load(cluster, "killed", token);
        await load.WritesAsync(20);

        await cluster.KillAsync(owner);
        await Eventually.TrueAsync("the tenant has another owner", async () => await OwnerOf("killed") != owner);
        await load.WritesAsync(20);
        await load.StopAsync();

        // A write that was under way may be told to have failed; a read never.
        Assert.DoesNotContain(load.Failures, failure => failure.StartsWith("GET", StringComparison.Ordinal));
        await load.RequireAllAsync();
        output.WriteLine($"{load.Acknowledged} writes; the longest request took {load.Longest.TotalMilliseconds:0} ms.");
        await cluster.RestartAsync(owner);
    }

    private async Task<string> OwnerOf(string tenant) => (await cluster.OwnerOfAsync(tenant))!;

    /// <summary>A tenant with a collection that anybody may read; the token of its superuser.</summary>
    private async Task<string> CreateAsync(string tenant)
    {
        var (status, body) = await cluster.AdminAsync(
            "POST", "api/cp/tenants", new { id = tenant, superuser = new { email = "admin@example.com", password = Password } });
        Assert.True(status == 201, $"{status}: {body}");
        var login = await cluster.ClientAsync(
            tenant, "POST", "api/collections/_superusers/auth-with-password",
            new { identity = "admin@example.com", password = Password });
        Assert.True(login.Status == 200, $"{login.Status}: {login.Body}");
        var token = login.Body.GetProperty("token").GetString()!;
        var made = await cluster.ClientAsync(
            tenant, "POST", "api/collections",
            new { name = "notes", type = "base", listRule = "", fields = new[] { new { name = "text", type = "text" } } }, token);
        Assert.True(made.Status == 200, $"{made.Status}: {made.Body}");
        return token;
    }

    /// <summary>One writer and one reader without a pause, and what they were told.</summary>
    private sealed class Load : IDisposable
    {
        private readonly LocalCluster _cluster;
        private readonly string _tenant;
        private readonly string _token;
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<string> _acknowledged = new();
        private readonly Task _running;
        private long _longestTicks;

        public Load(LocalCluster cluster, string tenant, string token)
        {
            (_cluster, _tenant, _token) = (cluster, tenant, token);
            _running = Task.WhenAll(Task.Run(WriteAsync), Task.Run(ReadAsync));
        }

        public ConcurrentQueue<string> Failures { get; } = new();

        public int Acknowledged => _acknowledged.Count;

        public TimeSpan Longest => new(Interlocked.Read(ref _longestTicks));

        public Task WritesAsync(int more)
        {
            var target = _acknowledged.Count + more;
            return Eventually.TrueAsync($"{more} writes", () => Task.FromResult(_acknowledged.Count >= target));
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running;
        }

        public async Task RequireAllAsync()
        {
            foreach (var id in _acknowledged)
            {
                var found = await _cluster.ClientAsync(_tenant, "GET", $"api/collections/notes/records/{id}", token: _token);
                Assert.True(found.Status == 200, $"The acknowledged record {id} is gone: {found.Status}.");
            }
        }

        public void Dispose() => _stop.Dispose();

        private async Task WriteAsync()
        {
            for (var number = 0; !_stop.IsCancellationRequested; number++)
            {
                var id = number.ToString("d15", CultureInfo.InvariantCulture);
                if (await AskAsync("POST", "api/collections/notes/records", new { id, text = "kept" }) == 200)
                    _acknowledged.Enqueue(id);
            }
        }

        private async Task ReadAsync()
        {
            while (!_stop.IsCancellationRequested) await AskAsync("GET", "api/collections/notes/records?perPage=1", null);
        }

        private async Task<int> AskAsync(string method, string path, object? body)
        {
            var started = TimeProvider.System.GetTimestamp();
            var (status, answer) = await _cluster.ClientAsync(_tenant, method, path, body, _token);
            var elapsed = TimeProvider.System.GetElapsedTime(started).Ticks;
            if (elapsed > Interlocked.Read(ref _longestTicks)) Interlocked.Exchange(ref _longestTicks, elapsed);
            if (status != 200) Failures.Enqueue($"{method} {status} {answer}");
            return status;
        }
    }
}
