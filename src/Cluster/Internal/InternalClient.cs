using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Platform.Messages.Routing;

namespace Platform.Cluster.Internal;

/// <summary>Calls other processes of the cluster, with its secret.</summary>
internal sealed class InternalClient : IDisposable
{
    /// <summary>Enough for opening or closing a tenant.</summary>
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(40);

    private readonly HttpClient _http;

    public InternalClient(string secret)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        })
        {
            // Each call has its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Add(ForwardHeaders.Secret, secret);
    }

    /// <summary>The status and the text of the answer.</summary>
    /// <exception cref="HttpRequestException">The process cannot be reached, or the connection broke.</exception>
    public Task<(int Status, string Body)> PostAsync<T>(
        Uri url, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        PostAsync(url, body, type, UsualTimeout, cancellationToken);

    /// <summary>As above, with a limit of its own; a call that is given up is given up there as well.</summary>
    /// <exception cref="HttpRequestException">Not reached, broken, or too slow.</exception>
    public async Task<(int Status, string Body)> PostAsync<T>(
        Uri url, T body, JsonTypeInfo<T> type, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(body, type);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(timeout);
        try
        {
            using var answer = await _http.PostAsync(url, content, either.Token);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(either.Token));
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("The process did not answer in time.", late);
        }
    }

    /// <summary>The message of a refusal.</summary>
    public static string MessageOf(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("message", out var message) ? message.GetString() ?? "" : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    public void Dispose() => _http.Dispose();
}
