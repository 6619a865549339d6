using Microsoft.Extensions.Logging;

namespace Platform.Cluster.Configuration.Options;

/// <summary>The whole configuration, valid. Keys, units and defaults are in <c>hocon/reference.conf</c>.</summary>
internal sealed record PlatformOptions
{
    public required NodeMode Mode { get; init; }

    public required string NodeId { get; init; }

    public required string Zone { get; init; }

    /// <summary>Absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Null: the one in the data folder.</summary>
    public required string? AdminToken { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required TimeSpan ShutdownTimeout { get; init; }

    public required HttpOptions Http { get; init; }

    public required ClusterOptions Cluster { get; init; }

    public required ObjectStoreOptions ObjectStore { get; init; }

    public required GatewayOptions Gateway { get; init; }

    public required TenantNodeOptions TenantNode { get; init; }

    public required ReplicationOptions Replication { get; init; }

    public required ImportOptions Import { get; init; }

    public required MetricsOptions Metrics { get; init; }
}
