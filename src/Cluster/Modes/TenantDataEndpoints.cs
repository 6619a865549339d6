using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Admin;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Recovery;
using Platform.Cluster.Tenants;
using Platform.Cluster.Transfer;
using Platform.TenantShard.Hosting.Recovery;

namespace Platform.Cluster.Modes;

/// <summary>What the admin API does with a tenant's data, in the process that has it: recovery, backups, transfer.</summary>
internal sealed class TenantDataEndpoints(
    PlatformOptions options, RegistryParts registry, TenantRecovery recovery, TenantDocuments documents,
    TimeProvider time, ILoggerFactory loggers)
{
    public void Map(IEndpointRouteBuilder routes, AdminGuard guard)
    {
        var requests = new RecoveryRequests(time, options.Http.AdminBodyBytesMax);
        var cloning = new TenantCloning(registry.Reservations, recovery, loggers.CreateLogger<TenantCloning>());
        new RecoveryEndpoints(registry.Index, recovery, cloning, requests, documents).Map(routes, guard);
        new BackupEndpoints(registry.Index, recovery.Backups, requests, time).Map(routes, guard);
        var importing = new TenantImporting(
            registry.Reservations, recovery.Imports, options.TenantNode.Durability,
            loggers.CreateLogger<TenantImporting>());
        new TransferEndpoints(registry.Index, recovery, importing, documents).Map(routes, guard);
    }
}
