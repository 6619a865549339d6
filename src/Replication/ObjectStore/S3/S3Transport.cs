using System.Net;
using Amazon.Runtime;

namespace Platform.Replication.ObjectStore.S3;

/// <summary>
/// The HTTP client of a store: one for all its requests, with a limit on requests and connections, and a timeout for
/// each attempt that grows with what is sent. The SDK's own timeout is one for all requests and ends with the headers.
/// </summary>
internal sealed class S3Transport : HttpClientFactory, IDisposable
{
    /// <summary>
    /// Largest answer that is no object: a page of 1,000 keys of 1,024 bytes, escaped, with their attributes.
    /// </summary>
    private const long AnswerBytesMax = 8 * 1024 * 1024;

    /// <summary>
    /// Smaller bodies are sent at once: asking the server first (Expect: 100-continue) costs a round trip.
    /// </summary>
    private const long BytesWorthAsking = 1024 * 1024;

    /// <summary>Connections are renewed now and then, so that changes of DNS are noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _client;

    public S3Transport(S3ObjectStoreOptions options, TimeProvider time)
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.AttemptTimeout,
            MaxConnectionsPerServer = options.ConnectionsMax,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
        };
        if (options.Connect is { } connect)
        {
            sockets.ConnectCallback = (context, cancellationToken) => connect(context.DnsEndPoint, cancellationToken);
            // A proxy would connect to where this may not.
            sockets.UseProxy = false;
        }

        _client = new HttpClient(new Limiter(sockets, options, time)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();

    private sealed class Limiter(HttpMessageHandler inner, S3ObjectStoreOptions options, TimeProvider time)
        : DelegatingHandler(inner)
    {
        private readonly SemaphoreSlim _places = new(options.RequestsMax);

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await _places.WaitAsync(cancellationToken);
            try
            {
                return await SendWithinLimitAsync(request, cancellationToken);
            }
            finally
            {
                _places.Release();
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _places.Dispose();
            }

            base.Dispose(disposing);
        }

        private async Task<HttpResponseMessage> SendWithinLimitAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var bytes = request.Content?.Headers.ContentLength ?? 0;
            if (bytes < BytesWorthAsking)
            {
                request.Headers.ExpectContinue = false;
            }

            var limit = options.AttemptTimeout + TimeSpan.FromSeconds((double)bytes / options.BytesPerSecondMin);
            using var timeout = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            HttpResponseMessage? response = null;
            try
            {
                response = await base.SendAsync(request, either.Token);
                if (!IsObject(request, response))
                {
                    // The SDK reads answers without a timeout and in part synchronously: let it find them in memory.
                    await response.Content.LoadIntoBufferAsync(AnswerBytesMax, either.Token);
                }

                return response;
            }
            catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
            {
                response?.Dispose();
                // An IOException is what the SDK retries, and it shows what is inside an HttpRequestException only.
                throw new IOException("No answer in time.", new TimeoutException("No answer in time.", cause));
            }
            catch (HttpRequestException)
            {
                response?.Dispose();
                throw;
            }
        }

        private static bool IsObject(HttpRequestMessage request, HttpResponseMessage response) =>
            request.Method == HttpMethod.Get
            && response.IsSuccessStatusCode
            && request.RequestUri?.Query.Contains("list-type=", StringComparison.Ordinal) != true;
    }
}
