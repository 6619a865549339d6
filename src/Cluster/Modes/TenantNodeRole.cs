using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Modes;

/// <summary>Runs the tenants whose routes name this node, for gateways that come by the internal listener.</summary>
internal sealed class TenantNodeRole
{
    private readonly RoleContext _context;
    private readonly ShardTenants _tenants;
    private readonly NodeTenantEndpoints _endpoints;

    private TenantNodeRole(
        RoleContext context, ShardTenants tenants, OwnedTenants owned, NodeTenantEndpoints endpoints)
    {
        _context = context;
        _tenants = tenants;
        Owned = owned;
        _endpoints = endpoints;
    }

    public OwnedTenants Owned { get; }

    public ShardHostStatus Status => _tenants.Status;

    /// <summary>How long the oldest write waits for object storage; zero when none does.</summary>
    public TimeSpan StorageLag => _tenants.StorageLag;

    public IEnumerable<TenantId> Open => _tenants.Open;

    public IEnumerable<KeyValuePair<TenantId, TimeSpan>> Work => _tenants.Work;

    public static TenantNodeRole OpenOn(RoleContext context, string cacheFolder)
    {
        var cluster = context.Cluster;
        var released = new ReleasedTenants(context.Time);
        var ownership = new RoutedOwnership(
            cluster.Store, cluster.Routes, cluster.Membership, released, cluster.Local);
        var tenants = new ShardTenants(
            context.Options, cacheFolder, context.Objects, context.Registry.Index, ownership, context.Meters,
            context.Time, context.Server.Loggers);
        var follower = new RouteFollower(
            cluster.Routes, tenants, cluster.Local, context.Time,
            context.Server.Loggers.CreateLogger<RouteFollower>());
        cluster.Membership.Lost = follower.CloseAllAsync;
        context.Background.Start(follower.RunAsync);
        var owned = new OwnedTenants(
            tenants, context.Registry.Index, cluster.Routes, ownership, released, cluster.Local, context.InternalGuard);
        return new TenantNodeRole(context, tenants, owned, new NodeTenantEndpoints(tenants, released));
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        _endpoints.Map(routes, _context.InternalGuard);
        new TenantDataEndpoints(
            _context.Options, _context.Registry, _tenants.Recovery, _context.Documents, _context.Time,
            _context.Server.Loggers).Map(routes, _context.AdminGuard);
    }

    /// <summary>Has the tenants moved to other nodes; true when none is left.</summary>
    public Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        var cluster = _context.Cluster;
        var drain = new SelfDrain(
            cluster.Nodes, cluster.Membership, cluster.Identity, () => _tenants.Open.Count(),
            _context.Options.TenantNode.DrainTimeout, _context.Time, _context.Server.Loggers.CreateLogger<SelfDrain>());
        return drain.RunAsync(cancellationToken);
    }

    /// <summary>Finishes and ships what is queued, and closes every shard.</summary>
    /// <exception cref="TimeoutException">Not in time.</exception>
    public Task CloseAsync(TimeSpan timeout) => _tenants.CloseAsync(timeout);
}
