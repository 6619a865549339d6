using System.Net;
using Microsoft.AspNetCore.Http;
using Platform.Messages.Identity;
using Platform.Messages.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Proxying;

/// <summary>
/// One attempt's request and answer: says to the node who is meant and who asks, removes what only a gateway may say,
/// and keeps an answer of a node that does not own the tenant from the client.
/// </summary>
/// <param name="options">The secret.</param>
/// <param name="tenant">Who is meant.</param>
/// <param name="asksFirst">The body is sent when the node has agreed to take it.</param>
/// <param name="answerTimer">Stopped when the answer begins.</param>
internal sealed class NodeTransformer(
    ProxyOptions options, TenantId tenant, bool asksFirst, CancellationTokenSource answerTimer) : HttpTransformer
{
    private const string EventStream = "text/event-stream";
    private const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedProto = "X-Forwarded-Proto";
    private const string ForwardedHost = "X-Forwarded-Host";

    private CancellationTokenRegistration _stop;

    /// <summary>True when the node denied to be the owner.</summary>
    public bool IsMisdirected { get; private set; }

    /// <summary>True when it did because the tenant leaves it just now.</summary>
    public bool IsMoving { get; private set; }

    /// <summary>The answer has ended: its timer may be used for another.</summary>
    public void End() => _stop.Dispose();

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix,
        CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var headers = proxyRequest.Headers;
        foreach (var header in httpContext.Request.Headers)
        {
            if (header.Key.StartsWith(ForwardHeaders.Prefix, StringComparison.OrdinalIgnoreCase))
                headers.Remove(header.Key);
        }

        headers.TryAddWithoutValidation(ForwardHeaders.Tenant, tenant.Value);
        if (options.Secret.Length > 0) headers.TryAddWithoutValidation(ForwardHeaders.Secret, options.Secret);
        if (options.Operation(tenant) is { } operation) headers.TryAddWithoutValidation(ForwardHeaders.Operation, operation);
        AddClient(httpContext, headers);

        // A node that does not own the tenant says so before a large body is on its way.
        if (asksFirst) headers.ExpectContinue = true;
    }

    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null) return ValueTask.FromResult(false);
        answerTimer.CancelAfter(Timeout.InfiniteTimeSpan);
        IsMisdirected = proxyResponse.StatusCode == HttpStatusCode.MisdirectedRequest
            && proxyResponse.Headers.Contains(ForwardHeaders.Misdirected);
        if (proxyResponse.Content.Headers.ContentType?.MediaType == EventStream)
            _stop = options.Stopping.UnsafeRegister(static timer => ((CancellationTokenSource)timer!).Cancel(), answerTimer);
        IsMoving = IsMisdirected && proxyResponse.Headers.Contains(ForwardHeaders.Moving);
        return IsMisdirected
            ? ValueTask.FromResult(false)
            : base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }

    /// <summary>
    /// The client's own address ends the list, so that whoever trusts one proxy reads the last entry and cannot be
    /// deceived by what the client wrote before it.
    /// </summary>
    private static void AddClient(HttpContext context, System.Net.Http.Headers.HttpRequestHeaders headers)
    {
        var request = context.Request;
        if (Address(context.Connection.RemoteIpAddress) is { } client)
        {
            headers.TryAddWithoutValidation(ForwardHeaders.ClientAddress, client);
            var before = request.Headers[ForwardedFor].ToString();
            headers.Remove(ForwardedFor);
            headers.TryAddWithoutValidation(ForwardedFor, before.Length == 0 ? client : $"{before}, {client}");
        }

        headers.TryAddWithoutValidation(ForwardHeaders.ClientScheme, request.Scheme);
        if (request.Headers[ForwardedProto].Count == 0) headers.TryAddWithoutValidation(ForwardedProto, request.Scheme);
        if (request.Headers[ForwardedHost].Count == 0)
            headers.TryAddWithoutValidation(ForwardedHost, request.Headers.Host.ToString());
    }

    private static string? Address(IPAddress? address) =>
        address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString();
}
