using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Pbm.Admin;

/// <summary>
/// Speaks the platform's admin API; every failure is a <see cref="PbmException"/> with words for people.
/// </summary>
internal sealed class AdminClient : IDisposable
{
    // Long enough for a tenant that is restored before the answer, short enough for a person who waits.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    // A page of 1,000 large descriptors is below 10 MB.
    private const int AnswerBytesMax = 64 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly Uri _server;
    private readonly AdminToken _token;

    public AdminClient(Uri server, AdminToken token)
    {
        _server = server;
        _token = token;
        // No redirects: they would carry the token to wherever an answer says.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = Timeout,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    public Task<AdminAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <param name="method">The HTTP method.</param>
    /// <param name="path">Relative to the server, without a leading slash, already escaped.</param>
    /// <param name="body">The JSON document to send, or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<AdminAnswer> SendAsync(
        HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(_server, path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (_token.Value is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw AdminRefusal.From((int)response.StatusCode, bytes, _server, _token);
            return new AdminAnswer(bytes);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception.InnerException?.Message ?? exception.Message);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {Timeout.TotalSeconds} seconds");
        }
        catch (JsonException)
        {
            throw AdminRefusal.NotAPlatform(_server);
        }
    }

    public void Dispose() => _http.Dispose();

    private PbmException Unreachable(string reason) => new(
        ExitCode.Unreachable,
        $"Cannot reach the server {_server}: {reason.TrimEnd('.')}.",
        "Is it running? `platform serve` starts one on this machine.",
        "Is it another one? Name it with --server URL or PBM_SERVER.");
}
