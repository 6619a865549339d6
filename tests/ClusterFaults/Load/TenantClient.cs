using System.Text;
using System.Text.Json;
using Platform.ClusterFaults.Tests.Clusters;
using Platform.Testing;

namespace Platform.ClusterFaults.Tests.Load;

/// <summary>
/// A client of one tenant, as an application is one: it knows the gateways, goes to the next when one does not answer,
/// and never sends a request a second time by itself.
/// </summary>
internal sealed class TenantClient(FaultCluster cluster, string tenant, int firstGateway) : IDisposable
{
    /// <summary>Longer than a gateway holds a request.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(25);

    private readonly IReadOnlyList<string> _gateways = cluster.Gateways;
    private int _gateway = firstGateway;

    // Its own connections: a dead gateway's are not shared with others.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
    })
    {
        Timeout = AnswerTimeout,
    };

    public string? Token { get; set; }

    /// <summary>The answer; status 0 when there was none, with the reason.</summary>
    public async Task<(int Status, JsonElement Body)> AskAsync(string method, string path, object? body = null)
    {
        // Where no connection was made nothing was done: the next gateway.
        foreach (var _ in _gateways)
        {
            if (await TryAskAsync(method, path, body) is { } answer) return answer;
            _gateway++;
        }

        return (0, default);
    }

    /// <summary>Asks until the answer is the one that a healthy cluster gives.</summary>
    public async Task<JsonElement> RequireAsync(string method, string path, object? body = null)
    {
        var (status, answer) = (0, default(JsonElement));
        await Eventually.TrueAsync(
            $"{method} {path} of {tenant} succeeds",
            async () =>
            {
                (status, answer) = await AskAsync(method, path, body);
                if (status is 400 or 401 or 403)
                    throw new InvalidOperationException($"{method} {path} of {tenant}: {status} {answer}");
                return status is >= 200 and < 300;
            });
        return answer;
    }

    /// <summary>
    /// Creates what is not there. After an answer that leaves open whether it was done, a refusal says that it was.
    /// </summary>
    public async Task CreateAsync(string path, object body)
    {
        var isOpen = false;
        await Eventually.TrueAsync($"{path} of {tenant} is created", async () =>
        {
            var (status, answer) = await AskAsync("POST", path, body);
            if (status is 400 or 401 or 403 && !(isOpen && status == 400))
                throw new InvalidOperationException($"POST {path} of {tenant}: {status} {answer}");
            isOpen = true;
            return status is (>= 200 and < 300) or 400;
        });
    }

    public void Dispose() => _http.Dispose();

    private async Task<(int Status, JsonElement Body)?> TryAskAsync(string method, string path, object? body)
    {
        var gateway = _gateways[_gateway % _gateways.Count];
        using var request = new HttpRequestMessage(
            new HttpMethod(method), new Uri(cluster.Processes[gateway].Public, path));
        request.Headers.Host = $"{tenant}.localhost";
        if (Token is not null) request.Headers.TryAddWithoutValidation("Authorization", Token);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        try
        {
            using var answer = await _http.SendAsync(request);

            // A gateway that is asked to stop ends its connections; its balancer, which is here, passes it by.
            if (answer.Headers.ConnectionClose == true) _gateway++;
            var text = await answer.Content.ReadAsStringAsync();
            return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return null;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or TaskCanceledException or JsonException)
        {
            _gateway++;
            return (0, JsonSerializer.SerializeToElement($"{gateway}: {broken.GetBaseException().Message}"));
        }
    }
}
