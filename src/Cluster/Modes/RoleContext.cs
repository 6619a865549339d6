using System.Diagnostics.Metrics;
using Platform.Cluster.Admin;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Http;
using Platform.Cluster.Internal;
using Platform.Cluster.Tenants;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Modes;

/// <summary>What a role of a process is made from.</summary>
internal sealed record RoleContext(
    PlatformOptions Options, TimeProvider Time, WebServer Server, ClusterParts Cluster, RegistryParts Registry,
    IObjectStore Objects, BackgroundTasks Background, IMeterFactory Meters)
{
    public required AdminGuard AdminGuard { get; init; }

    public required InternalGuard InternalGuard { get; init; }

    /// <summary>Tenants in answers: their node by its route.</summary>
    public TenantDocuments Documents => new(
        tenant => Cluster.Routes.TryFind(tenant.Id, out var route) ? route.Node : null,
        tenant => $"http://{tenant.Id}.{Options.Gateway.BaseDomain}");
}
