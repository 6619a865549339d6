using System.Collections.Concurrent;
using Platform.Gateway.Resolution;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Tenants;

/// <summary>
/// The process's exact copy of the registry: by id without a lock, in the orders that somebody lists it in, and in the
/// gateway's route table. Changes come from the watch and, sooner, from this process's own writes; the revision decides.
/// </summary>
internal sealed class TenantIndex : ITenantDirectory
{
    private readonly ConcurrentDictionary<string, TenantRecord> _byId = new(StringComparer.Ordinal);

    /// <summary>Made by the first listing in that order: a gateway never lists, and 100,000 tenants are many.</summary>
    private readonly Dictionary<TenantSort, SortedSet<TenantDescriptor>> _sorted = [];

    /// <summary>Guards the sorted sets and the order of changes.</summary>
    private readonly Lock _changing = new();
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

    /// <summary>Takes a record unless a newer one is known.</summary>
    public void Apply(TenantRecord record)
    {
        lock (_changing)
        {
            var tenant = record.Descriptor;
            var previous = _byId.GetValueOrDefault(tenant.Id.Value);
            if (previous?.Revision >= record.Revision) return;
            if (previous is not null) RemoveSorted(previous.Descriptor);
            _byId[tenant.Id.Value] = record;
            foreach (var set in _sorted.Values) set.Add(tenant);
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
            RemoveSorted(record.Descriptor);
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
        var skip = (query.Page - 1L) * query.PerPage;
        var items = new List<TenantDescriptor>(Math.Min(query.PerPage, 64));
        var count = 0;
        lock (_changing)
        {
            // Without a search the number of matches is known, and only the page and what is before it is walked.
            var known = query.Search.Length == 0 ? CountOf(query.Status) : (int?)null;
            var sorted = SortedBy(query.Sort);
            foreach (var tenant in query.IsDescending ? sorted.Reverse() : sorted)
            {
                if (known is not null && items.Count == query.PerPage) break;
                if (!query.Matches(tenant)) continue;
                if (count >= skip && items.Count < query.PerPage) items.Add(tenant);
                count++;
            }

            return new TenantPage(items, known ?? count);
        }
    }

    private SortedSet<TenantDescriptor> SortedBy(TenantSort sort)
    {
        if (_sorted.TryGetValue(sort, out var known)) return known;
        Comparison<TenantDescriptor> order = sort switch
        {
            TenantSort.Created => CompareCreated,
            TenantSort.Updated => CompareUpdated,
            _ => CompareIds,
        };
        return _sorted[sort] = new SortedSet<TenantDescriptor>(
            _byId.Values.Select(record => record.Descriptor), Comparer<TenantDescriptor>.Create(order));
    }

    private static int CompareIds(TenantDescriptor first, TenantDescriptor second) =>
        string.CompareOrdinal(first.Id.Value, second.Id.Value);

    private static int CompareCreated(TenantDescriptor first, TenantDescriptor second) =>
        first.Created.CompareTo(second.Created) is not 0 and var order ? order : CompareIds(first, second);

    private static int CompareUpdated(TenantDescriptor first, TenantDescriptor second) =>
        first.Updated.CompareTo(second.Updated) is not 0 and var order ? order : CompareIds(first, second);

    private int CountOf(TenantStatus? status) => status switch
    {
        null => _byId.Count,
        TenantStatus.Deleted => _deletedCount,
        _ => _byId.Count - _deletedCount,
    };

    private void RemoveSorted(TenantDescriptor tenant)
    {
        foreach (var set in _sorted.Values) set.Remove(tenant);
        if (tenant.Status == TenantStatus.Deleted) _deletedCount--;
    }
}
