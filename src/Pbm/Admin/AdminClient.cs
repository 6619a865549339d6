using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Pbm.Transfer;

namespace Platform.Pbm.Admin;

/// <summary>
/// Speaks the platform's admin API; every failure is a <see cref="PbmException"/> with words for people.
/// </summary>
internal sealed class AdminClient : IDisposable
{
    // Long enough for a tenant that is restored before the answer, short enough for a person who waits.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    /// <summary>For what takes the longer the larger a tenant is: a copy, a backup, a way back.</summary>
    public static readonly TimeSpan WorkTimeout = TimeSpan.FromHours(1);

    // The server says something every 15 seconds.
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(45);

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
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Task<AdminAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <param name="method">The HTTP method.</param>
    /// <param name="path">Relative to the server, without a leading slash, already escaped.</param>
    /// <param name="body">The JSON document to send, or null.</param>
    /// <param name="timeout">How long the answer may take; null for half a minute.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<AdminAnswer> SendAsync(
        HttpMethod method, string path, JsonNode? body, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var content = body is null
            ? null
            : new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        return AskAsync(
            method, path, content, timeout ?? AnswerTimeout,
            async (response, cancel) => new AdminAnswer(await ReadAsync(response, cancel)),
            cancellationToken);
    }

    public Task<AdminAnswer> SendAsync(
        HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken) =>
        SendAsync(method, path, body, timeout: null, cancellationToken);

    /// <summary>Writes what a path answers, of any size, to <paramref name="destination"/>; returns how much.</summary>
    public Task<long> DownloadAsync(string path, Stream destination, CancellationToken cancellationToken) =>
        AskAsync(
            HttpMethod.Get, path, content: null, WorkTimeout,
            async (response, cancel) =>
            {
                await using var content = await response.Content.ReadAsStreamAsync(cancel);
                await content.CopyToAsync(destination, cancel);
                return destination.Length;
            },
            cancellationToken);

    /// <summary>Sends a body of any size.</summary>
    /// <exception cref="PbmException">Refused, unreachable, or the body could not be read.</exception>
    public async Task<AdminAnswer> UploadAsync(
        string path, UploadContent content, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(
                HttpMethod.Post, path, content, WorkTimeout,
                async (response, cancel) => new AdminAnswer(await ReadAsync(response, cancel)),
                cancellationToken);
        }
        catch (PbmException) when (content.Failure is not null)
        {
            throw content.Failure;
        }
    }

    /// <summary>
    /// Hands over each server-sent event until the server ends the stream, or is silent for longer than it ever is.
    /// </summary>
    /// <param name="path">As of every request.</param>
    /// <param name="lastId">The last event that is known; null: from now on.</param>
    /// <param name="onEvent">Gets the id and the data.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task FollowAsync(
        string path, string? lastId, Action<string?, string> onEvent, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Get, path, content: null, Timeout.InfiniteTimeSpan,
        async (response, cancel) =>
        {
            await using var content = new SilenceStream(await response.Content.ReadAsStreamAsync(cancel), SilenceMax);
            await foreach (var item in SseParser.Create(content).EnumerateAsync(cancel)) onEvent(item.EventId, item.Data);
            return true;
        },
        cancellationToken,
        request =>
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
            if (lastId is not null) request.Headers.Add("Last-Event-ID", lastId);
        });

    public void Dispose() => _http.Dispose();

    private async Task<TResult> AskAsync<TResult>(
        HttpMethod method, string path, HttpContent? content, TimeSpan timeout,
        Func<HttpResponseMessage, CancellationToken, Task<TResult>> read, CancellationToken cancellationToken,
        Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_server, path)) { Content = content };
        // A refusal that needs nothing of a large body comes before it is sent, and cannot be lost.
        if (content is UploadContent) request.Headers.ExpectContinue = true;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (_token.Value is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        prepare?.Invoke(request);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        cancel.CancelAfter(timeout);
        try
        {
            using var response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancel.Token);
            if (response.IsSuccessStatusCode) return await read(response, cancel.Token);
            throw AdminRefusal.From(
                (int)response.StatusCode, await ReadAsync(response, cancel.Token), _server, _token);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception.InnerException?.Message ?? exception.Message);
        }
        catch (HttpIOException broken)
        {
            throw Unreachable($"the connection broke before the end ({broken.HttpRequestError})");
        }
        catch (TimeoutException silent)
        {
            throw Unreachable(silent.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {timeout.TotalSeconds} seconds");
        }
        catch (JsonException)
        {
            throw AdminRefusal.NotAPlatform(_server);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(AnswerBytesMax, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private PbmException Unreachable(string reason) => new(
        ExitCode.Unreachable,
        $"Cannot reach the server {_server}: {reason.TrimEnd('.')}.",
        "Is it running? `platform serve` starts one on this machine.",
        "Is it another one? Name it with --server URL or PBM_SERVER.");
}
