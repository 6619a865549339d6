using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;
using Platform.Gateway.Owners;
using Platform.Messages.Identity;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Proxying;

/// <summary>
/// Sends one request to one node and streams the answer back: HTTP/1.1, server-sent events, WebSocket, bodies of any
/// size. Connections are pooled for each node.
/// </summary>
internal sealed class NodeForwarder : IDisposable
{
    /// <summary>Connections are made anew after this long, so that addresses behind a name are looked up again.</summary>
    private static readonly TimeSpan ConnectionAgeMax = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ConnectionIdleMax = TimeSpan.FromMinutes(1);

    /// <summary>Timers that wait for a request; more than answer at the same time on any machine.</summary>
    private const int TimersKeptMax = 1024;

    private readonly IHttpForwarder _forwarder;
    private readonly ProxyOptions _options;
    private readonly ObjectPool<CancellationTokenSource> _timers;
    private readonly ForwarderRequestConfig _config;
    private readonly HttpMessageInvoker _invoker;

    public NodeForwarder(IHttpForwarder forwarder, ProxyOptions options, TimeProvider time)
    {
        (_forwarder, _options) = (forwarder, options);
        _timers = new DefaultObjectPoolProvider { MaximumRetained = TimersKeptMax }.Create(new AnswerTimerPolicy(time));
        _config = new ForwarderRequestConfig
        {
            ActivityTimeout = options.SilenceTimeout,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = ConnectionAgeMax,
            PooledConnectionIdleTimeout = ConnectionIdleMax,
            Expect100ContinueTimeout = options.HoldTimeout,
        });
    }

    public async Task<AttemptOutcome> SendAsync(
        HttpContext context, TenantId tenant, NodeAddress node, RequestReplay replay, CancellationToken lost)
    {
        var timer = _timers.Get();
        try
        {
            // The registration ends before the timer goes back: a late call must not end another request.
            await using var ending = lost.UnsafeRegister(static ended => ((CancellationTokenSource)ended!).Cancel(), timer);
            return await SendAsync(context, tenant, node, replay, timer, lost);
        }
        finally
        {
            _timers.Return(timer);
        }
    }

    public void Dispose() => _invoker.Dispose();

    private async Task<AttemptOutcome> SendAsync(
        HttpContext context, TenantId tenant, NodeAddress node, RequestReplay replay, CancellationTokenSource timer,
        CancellationToken lost)
    {
        // While a large body streams, its own pace decides: there is only the limit of silence.
        if (replay.IsWhole) timer.CancelAfter(_options.AnswerTimeout);
        var transformer = new NodeTransformer(_options, tenant, asksFirst: !replay.IsWhole, timer);
        replay.Rewind();
        var error = await _forwarder.SendAsync(
            context, node.Prefix, _invoker, _config, transformer, timer.Token);
        transformer.End();
        if (error == ForwarderError.None)
            return transformer.IsMoving ? AttemptOutcome.Moving
                : transformer.IsMisdirected ? AttemptOutcome.Misdirected : AttemptOutcome.Answered;
        if (context.RequestAborted.IsCancellationRequested) return AttemptOutcome.Aborted;
        var isLost = lost.IsCancellationRequested;
        var isLate = timer.IsCancellationRequested && !isLost;
        return Judge(error, context.Features.Get<IForwarderErrorFeature>()?.Exception, isLate, isLost);
    }

    /// <exception cref="BadHttpRequestException">The client's body was the cause.</exception>
    private static AttemptOutcome Judge(ForwarderError error, Exception? cause, bool isLate, bool isLost)
    {
        if (Find<BadHttpRequestException>(cause) is { } bad)
            throw new BadHttpRequestException(bad.Message, bad.StatusCode, bad);
        return error switch
        {
            ForwarderError.Request => WasUnreached(cause) ? AttemptOutcome.Unreached : AttemptOutcome.Broken,
            ForwarderError.RequestTimedOut => AttemptOutcome.TimedOut,
            ForwarderError.RequestCanceled when isLate => AttemptOutcome.TimedOut,
            ForwarderError.RequestBodyCanceled when isLost => AttemptOutcome.Broken,
            ForwarderError.ResponseBodyCanceled when isLost => AttemptOutcome.CutOff,
            ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled => AttemptOutcome.Aborted,
            ForwarderError.RequestBodyDestination or ForwarderError.RequestCanceled or ForwarderError.RequestCreation
                => AttemptOutcome.Broken,
            ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination
                or ForwarderError.ResponseBodyDestination or ForwarderError.ResponseHeaders => AttemptOutcome.CutOff,
            _ => AttemptOutcome.Aborted,
        };
    }

    /// <summary>Nothing of the request can have arrived where no connection was made.</summary>
    private static bool WasUnreached(Exception? cause) =>
        Find<HttpRequestException>(cause)?.HttpRequestError is
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError;

    private static TException? Find<TException>(Exception? exception)
        where TException : Exception
    {
        for (var current = exception; current is not null; current = current.InnerException)
            if (current is TException found) return found;
        return exception is AggregateException many ? many.InnerExceptions.OfType<TException>().FirstOrDefault() : null;
    }
}
