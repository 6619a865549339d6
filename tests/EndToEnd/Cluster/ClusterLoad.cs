using System.Collections.Concurrent;
using System.Globalization;
using Platform.Testing;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>Writers and readers of one tenant without a pause, through the gateways, and what they were told.</summary>
internal sealed class ClusterLoad : IDisposable
{
    private readonly LocalCluster _cluster;
    private readonly string _tenant;
    private readonly string _token;
    private readonly string[] _gateways;
    private readonly BalancedGateways? _balanced;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _acknowledged = new();
    private readonly Task _running;
    private long _longestTicks;

    /// <param name="cluster">The cluster.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="token">Of its superuser.</param>
    /// <param name="writers">At once.</param>
    /// <param name="balanced">What the clients know of gateways; null: all, whether they are ready or not.</param>
    public ClusterLoad(
        LocalCluster cluster, string tenant, string token, int writers = 1, BalancedGateways? balanced = null)
    {
        _balanced = balanced;
        (_cluster, _tenant, _token) = (cluster, tenant, token);
        _gateways = [.. cluster.Gateways];
        _running = Task.WhenAll(
            Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer))).Append(Task.Run(ReadAsync)));
    }

    public ConcurrentQueue<string> Failures { get; } = new();

    public int Acknowledged => _acknowledged.Count;

    public TimeSpan Longest => new(Interlocked.Read(ref _longestTicks));

    public Task WritesAsync(int more)
    {
        var target = _acknowledged.Count + more;
        return Eventually.TrueAsync($"{more} writes", () => _acknowledged.Count >= target);
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

    private async Task WriteAsync(int writer)
    {
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{writer:d2}{number:d13}");
            if (await AskAsync("POST", "api/collections/notes/records", new { id, text = "kept" }, number) == 200)
                _acknowledged.Enqueue(id);
        }
    }

    private async Task ReadAsync()
    {
        for (var number = 0; !_stop.IsCancellationRequested; number++)
            await AskAsync("GET", "api/collections/notes/records?perPage=1", null, number);
    }

    private async Task<int> AskAsync(string method, string path, object? body, int number)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            var (status, answer) = _balanced is null
                ? await _cluster.ClientAsync(_tenant, method, path, body, _token, _gateways[number % _gateways.Length])
                : await LocalCluster.ClientAsync(_balanced, _tenant, method, path, body, _token);
            var elapsed = TimeProvider.System.GetElapsedTime(started).Ticks;
            if (elapsed > Interlocked.Read(ref _longestTicks)) Interlocked.Exchange(ref _longestTicks, elapsed);
            if (status != 200) Failures.Enqueue($"{method} {status} {answer}");
            return status;
        }
        catch (HttpRequestException broken)
        {
            Failures.Enqueue($"{method} {broken.Message} {broken.InnerException?.Message}");
            return 0;
        }
    }
}
