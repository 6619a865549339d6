namespace Platform.Cluster.Configuration.Options;

/// <summary>The edge (<c>platform.gateway</c>).</summary>
internal sealed record GatewayOptions
{
    /// <summary>Lower case, without a leading dot.</summary>
    public required string BaseDomain { get; init; }
}
