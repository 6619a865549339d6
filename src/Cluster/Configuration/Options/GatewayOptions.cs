namespace Platform.Cluster.Configuration.Options;

/// <summary>The edge (<c>platform.gateway</c>). All but the domain is about requests that go on to other nodes.</summary>
internal sealed record GatewayOptions
{
    /// <summary>Lower case, without a leading dot.</summary>
    public required string BaseDomain { get; init; }

    public required TimeSpan ConnectTimeout { get; init; }

    public required TimeSpan AnswerTimeout { get; init; }

    public required TimeSpan SilenceTimeout { get; init; }

    public required TimeSpan HoldTimeout { get; init; }

    public required int HeldMax { get; init; }

    public required int ReplayBytesMax { get; init; }

    public required int BreakerFailures { get; init; }

    public required TimeSpan BreakerPause { get; init; }

    public required TimeSpan StopDelay { get; init; }
}
