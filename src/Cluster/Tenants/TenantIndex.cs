using System.Collections.Concurrent;
using Platform.Gateway.Resolution;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Tenants;

/// <summary>
/// The process's exact copy of the registry: by id without a lock, for listings where there are any, and in the
/// gateway's route table. Changes come from the watch and, sooner, from this process's own writes; the revision decides.
/// </summary>
internal sealed class TenantIndex : ITenantDirectory
{
    private readonly ConcurrentDictionary<string, TenantRecord> _byId = new(StringComparer.Ordinal);

    /// <summary>Guards the listing and the order of changes.</summary>
    private readonly Lock _changing = new();

    /// <summary>Made by the first listing: a gateway never lists, and 100,000 tenants are many.</summary>
    private TenantListing? _listing;
    private int _deletedCount;

    /// <summary>What the gateway resolves against.</summary>
    public RouteTable Routes { get; } = new();

    /// <summary>Tenants that are not deleted.</summary>
    public int Count => _byId.Count - Volatile.Read(ref _deletedCount);

    public TenantRecord? Get(TenantId id) => _byId.GetValueOrDefault(id.Value);

    /// <inheritdoc/>
    public TenantDescriptor? Find(TenantId tenant) =>
        _byId.TryGetValue(tenant.Value, out var record) && record.Descriptor.Status == TenantStatus.Created
            ? record.Descriptor
            : null;

    /// <summary>The tenants that are not deleted, at this moment, in the order of their ids.</summary>
    public IReadOnlyList<TenantId> Ids() =>
    [
        .. _byId.Values.Select(record => record.Descriptor).Where(tenant => tenant.Status == TenantStatus.Created)
            .Select(tenant => tenant.Id).OrderBy(id => id.Value, StringComparer.Ordinal),
    ];

    /// <summary>Takes a record unless a newer one is known.</summary>
    public void Apply(TenantRecord record)
    {
        lock (_changing)
        {
            var tenant = record.Descriptor;
            var previous = _byId.GetValueOrDefault(tenant.Id.Value);
            if (previous?.Revision >= record.Revision) return;
            _byId[tenant.Id.Value] = record;
            _listing?.Put(tenant);
            if (previous?.Descriptor.Status == TenantStatus.Deleted) _deletedCount--;
            if (tenant.Status == TenantStatus.Deleted) _deletedCount++;

            // A deleted tenant has given up its domains: another may have them by now.
            Routes.Apply(tenant.Status == TenantStatus.Deleted ? tenant with { Domains = [] } : tenant);
        }
    }

    /// <summary>
    /// Forgets a tenant whose entry was removed at <paramref name="revision"/>, unless a newer one is known.
    /// </summary>
    public void Remove(TenantId id, long revision)
    {
        lock (_changing)
        {
            if (!_byId.TryGetValue(id.Value, out var record) || record.Revision > revision) return;
            _byId.TryRemove(id.Value, out _);
            _listing?.Remove(record.Descriptor);
            if (record.Descriptor.Status == TenantStatus.Deleted) _deletedCount--;
            Routes.Remove(id);
        }
    }

    /// <summary>
    /// Forgets every tenant that is not among <paramref name="kept"/> and not newer than <paramref
    /// name="revision"/>.
    /// </summary>
    public void RemoveOthers(IReadOnlySet<string> kept, long revision)
    {
        foreach (var id in _byId.Keys.Where(id => !kept.Contains(id))) Remove(TenantId.Parse(id), revision);
    }

    public TenantPage List(TenantQuery query)
    {
        lock (_changing)
        {
            _listing ??= new TenantListing([.. _byId.Values.Select(record => record.Descriptor)]);
            return _listing.List(query);
        }
    }
}
