using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Platform.Messages.Routing;

namespace Platform.Cluster.Internal;

/// <summary>Calls other processes of the cluster, with its secret.</summary>
internal sealed class InternalClient : IDisposable
{
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
            // The longest that another process works for one call: closing a tenant, or opening one.
            Timeout = TimeSpan.FromSeconds(40),
        };
        _http.DefaultRequestHeaders.Add(ForwardHeaders.Secret, secret);
    }

    /// <summary>The status and the text of the answer.</summary>
    /// <exception cref="HttpRequestException">The process cannot be reached, or the connection broke.</exception>
    public async Task<(int Status, string Body)> PostAsync<T>(
        Uri url, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(body, type);
        try
        {
            using var answer = await _http.PostAsync(url, content, cancellationToken);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
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
