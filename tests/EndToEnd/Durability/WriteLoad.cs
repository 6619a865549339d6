using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Durability;

/// <summary>
/// Several connections that create records with keys of their own as fast as they can, and remember which ones were
/// acknowledged. It ends when it is told to, or when the server is gone.
/// </summary>
internal sealed class WriteLoad(PlatformProcess platform, string tenant, string collection, int connections)
{
    private readonly ConcurrentBag<string> _acknowledged = [];
    private readonly ConcurrentBag<ApiAnswer> _refused = [];
    private volatile bool _isStopping;
    private Task _running = Task.CompletedTask;
    private int _next;

    /// <summary>Keys of the writes that were answered with success.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>Answers other than success.</summary>
    public IReadOnlyCollection<ApiAnswer> Refused => _refused;

    public void Start(int round) =>
        _running = Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => WriteAsync(round))));

    /// <summary>Lets every request in flight end.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return _running;
    }

    private async Task WriteAsync(int round)
    {
        using var client = new ApiClient(platform.TenantUrl(tenant));
        while (!_isStopping)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"r{round}-{Interlocked.Increment(ref _next)}");
            ApiAnswer answer;
            try
            {
                answer = await client.PostAsync($"api/collections/{collection}/records", new { key, filler = new string('x', 200) });
            }
            catch (HttpRequestException)
            {
                // Killed: whether this write happened nobody knows, and nobody was told that it did.
                return;
            }

            if (answer.Status == HttpStatusCode.OK) _acknowledged.Add(key);
            else _refused.Add(answer);
        }
    }
}
