using Platform.Messages.Identity;

namespace Platform.Gateway.Proxying;

/// <summary>How requests go to nodes. The defaults are those of <c>hocon/reference.conf</c>.</summary>
public sealed record ProxyOptions
{
    /// <summary>The cluster's secret, sent to nodes; empty: none is sent.</summary>
    public string Secret { get; init; } = "";

    /// <summary>
    /// What is sent as <see cref="Messages.Routing.ForwardHeaders.Operation"/> with a request for a tenant; null for
    /// requests of its clients.
    /// </summary>
    public Func<TenantId, string?> Operation { get; init; } = _ => null;

    /// <summary>How long a connection to a node may take to be made.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Cancelled when the process stops: streams of events, which have no end of their own, are ended.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>
    /// How long a node may take to begin its answer to a request without a body, or with one that was small enough to
    /// be kept. Longer than the longest that a node itself waits: an activation, then a statement.
    /// </summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How long nothing may be sent in either direction. Longer than the five minutes after which a node ends a silent
    /// realtime connection itself.
    /// </summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>How long a request is held while its tenant has no owner, moves, or its node does not answer.</summary>
    public TimeSpan HoldTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most requests that are held at once; more are refused with 503.</summary>
    public int HeldMax { get; init; } = 10_000;

    /// <summary>
    /// Bodies up to this many bytes are kept until the answer begins, so that the request can be sent again.
    /// Larger ones are streamed, and sent again only when nothing of them was read.
    /// </summary>
    public int ReplayBytesMax { get; init; } = 64 * 1024;

    /// <summary>Failures in a row after which a node is left alone for a while.</summary>
    public int BreakerFailures { get; init; } = 5;

    /// <summary>How long a node is left alone first; doubled after each failed probe, up to a minute.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(1);
}
