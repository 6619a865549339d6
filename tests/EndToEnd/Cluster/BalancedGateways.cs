using System.Globalization;
using System.Net.Sockets;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>
/// The gateways behind one address, as a load balancer has them: it asks each for its <c>/ready</c>, sends requests in turns to
/// those that answered 200, keeps connections, and tries another one only when a gateway did not take the connection, for then
/// nothing was sent.
/// </summary>
internal sealed class BalancedGateways : IAsyncDisposable
{
    /// <summary>A tenth of the time that a gateway of these clusters serves on after its /ready has turned.</summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(100);

    private readonly List<Gateway> _gateways;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _probes;
    private int _turn;
    private int _refused;

    private BalancedGateways(List<Gateway> gateways)
    {
        _gateways = gateways;
        _probes = [.. gateways.Select(gateway => ProbeAsync(gateway))];
    }

    /// <summary>Connections that were refused, after which another gateway was tried.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Requests that each gateway has answered.</summary>
    public IReadOnlyDictionary<string, int> Answered =>
        _gateways.ToDictionary(gateway => gateway.Name, gateway => gateway.Answered);

    public static BalancedGateways Of(LocalCluster cluster) => new(
        [.. cluster.Gateways.Select(name => new Gateway(name, cluster.Processes[name].Public))]);

    /// <summary>Sends what <paramref name="request"/> makes, once for each gateway that is tried.</summary>
    /// <exception cref="HttpRequestException">As a client behind a load balancer sees it: the request failed.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpClient, Task<HttpResponseMessage>> request)
    {
        var first = Interlocked.Increment(ref _turn);
        var tried = new List<string>();
        foreach (var gateway in Ordered(first))
        {
            try
            {
                var answer = await request(gateway.Http);
                gateway.Count();
                return answer;
            }
            catch (HttpRequestException refused) when (IsUnsent(refused))
            {
                tried.Add(gateway.Name);
                gateway.IsReady = false;
                Interlocked.Increment(ref _refused);
            }
        }

        throw new HttpRequestException(string.Create(
            CultureInfo.InvariantCulture, $"No gateway is ready; refused by: {string.Join(", ", tried)}."));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_probes);
        foreach (var gateway in _gateways) gateway.Http.Dispose();
        _stop.Dispose();
    }

    private static bool IsUnsent(HttpRequestException failure) =>
        failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };

    private List<Gateway> Ordered(int first) =>
    [
        .. Enumerable.Range(0, _gateways.Count).Select(offset => _gateways[(first + offset) % _gateways.Count])
            .Where(gateway => gateway.IsReady),
    ];

    private async Task ProbeAsync(Gateway gateway)
    {
        using var probe = LoopbackHttp.Create(gateway.Address);
        probe.Timeout = TimeSpan.FromSeconds(2);
        using var timer = new PeriodicTimer(ProbeInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) gateway.IsReady = await IsReadyAsync(probe);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task<bool> IsReadyAsync(HttpClient probe)
    {
        try
        {
            using var answer = await probe.GetAsync("ready", _stop.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!_stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private sealed class Gateway(string name, Uri address)
    {
        /// <summary>Written by the probe and by whoever is refused; read by all.</summary>
        private volatile bool _isReady = true;
        private int _answered;

        public string Name { get; } = name;

        public Uri Address { get; } = address;

        public bool IsReady
        {
            get => _isReady;
            set => _isReady = value;
        }

        public int Answered => Volatile.Read(ref _answered);

        public HttpClient Http { get; } = LoopbackHttp.Create(address);

        public void Count() => Interlocked.Increment(ref _answered);
    }
}
