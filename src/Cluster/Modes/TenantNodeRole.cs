using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;
using Platform.Cluster.Recovery;
using Platform.Cluster.Tenants;
using Platform.Cluster.Transfer;
using Platform.Messages.Identity;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Modes;

/// <summary>Runs the tenants whose routes name this node, for gateways that come by the internal listener.</summary>
internal sealed class TenantNodeRole
{
    private static readonly TimeSpan CloseMin = TimeSpan.FromSeconds(5);

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

    public IEnumerable<TenantId> Open => _tenants.Open;

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
            tenants, cluster.Routes, ownership, released, cluster.Local, context.InternalGuard);
        return new TenantNodeRole(context, tenants, owned, new NodeTenantEndpoints(tenants, released));
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        _endpoints.Map(routes, _context.InternalGuard);
        var recovery = _tenants.Recovery;
        var registry = _context.Registry;
        var requests = new RecoveryRequests(_context.Time, _context.Options.Http.AdminBodyBytesMax);
        var cloning = new TenantCloning(
            registry.Registry, recovery, _context.Server.Loggers.CreateLogger<TenantCloning>());
        new RecoveryEndpoints(registry.Index, recovery, cloning, requests, _context.Documents)
            .Map(routes, _context.AdminGuard);
        new BackupEndpoints(registry.Index, recovery.Backups, requests, _context.Time).Map(routes, _context.AdminGuard);
        var importing = new TenantImporting(
            registry.Registry, recovery.Imports, _context.Options.TenantNode.Durability,
            _context.Server.Loggers.CreateLogger<TenantImporting>());
        new TransferEndpoints(registry.Index, recovery, importing, _context.Documents).Map(routes, _context.AdminGuard);
    }

    /// <summary>Finishes and ships what is queued, and closes every shard.</summary>
    /// <exception cref="TimeoutException">Not in time.</exception>
    public async Task CloseAsync(TimeSpan timeout)
    {
        try
        {
            await _tenants.DisposeAsync().AsTask().WaitAsync(timeout > CloseMin ? timeout : CloseMin, _context.Time);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(
                "tenants did not close in time (platform.shutdown-timeout). What is not in object storage yet is kept in "
                + "the data folder and stored after the next start.", late);
        }
    }
}
