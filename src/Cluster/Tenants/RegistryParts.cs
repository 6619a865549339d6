using Microsoft.Extensions.Logging;
using Platform.Cluster.Membership;
using Platform.Cluster.Modes;
using Platform.Cluster.Store;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Tenants;

/// <summary>The registry and what belongs to it, filled and ready.</summary>
internal sealed record RegistryParts(
    TenantRegistry Registry, TenantIndex Index, PrefixWatch Watch, TenantCopies Copies, TenantReservations Reservations)
{
    /// <param name="store">The cluster store.</param>
    /// <param name="objects">Object storage.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For all parts.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="beginning">What an empty store needs beside the registry.</param>
    /// <exception cref="StartException">The registry cannot be read or rebuilt.</exception>
    public static async Task<RegistryParts> OpenAsync(
        IClusterStore store, IObjectStore objects, TimeProvider time, ILoggerFactory loggers,
        CancellationToken cancellationToken, Func<CancellationToken, Task>? beginning = null)
    {
        var index = new TenantIndex();
        var watch = new PrefixWatch(
            store, TenantKeys.Tenants, "the tenant registry", new RegistryCopy(index), time, loggers.CreateLogger<PrefixWatch>());
        var copies = new TenantCopies(store, objects, time, loggers.CreateLogger<TenantCopies>());
        var names = new TenantNames(new Random());
        var registry = new TenantRegistry(store, index, copies, names, time, loggers.CreateLogger<TenantRegistry>());
        var reservations = new TenantReservations(
            store, objects, registry, index, time, loggers.CreateLogger<TenantReservations>());
        try
        {
            var rebuild = new TenantRebuild(
                store, objects, beginning ?? (_ => Task.CompletedTask), loggers.CreateLogger<TenantRebuild>());
            await rebuild.RunAsync(cancellationToken);
            await watch.LoadAsync(cancellationToken);
        }
        catch (Exception cause) when (cause is ClusterStoreException or ObjectStoreException or FormatException)
        {
            throw new StartException($"the tenant registry cannot be read: {cause.Message}", cause);
        }

        return new RegistryParts(registry, index, watch, copies, reservations);
    }
}
