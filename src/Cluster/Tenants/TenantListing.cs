using System.Numerics;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>
/// All tenants in the orders that somebody lists them in, and searchable. A query marks the tenants that it means, a bit
/// for each, and walks its order only to fill its page. Not for several threads at once.
/// </summary>
internal sealed class TenantListing
{
    private readonly TenantSlots _slots;
    private readonly TenantSearchText _text;

    /// <summary>Always there: it finds a tenant's slot by its id.</summary>
    private readonly TenantOrder _byId;

    /// <summary>The others, each made by the first listing in it.</summary>
    private readonly Dictionary<TenantSort, TenantOrder> _others = [];
    private ulong[] _marks = [];

    public TenantListing(IReadOnlyList<TenantDescriptor> tenants)
    {
        _slots = new TenantSlots(tenants);
        _text = new TenantSearchText(_slots);
        _byId = new TenantOrder(_slots, CompareIds);
    }

    /// <summary>Adds a tenant, or takes its changes.</summary>
    public void Put(TenantDescriptor tenant)
    {
        var slot = _byId.Find(tenant);
        if (slot < 0)
        {
            slot = _slots.Add(tenant);
            _byId.Insert(slot);
            foreach (var order in _others.Values) order.Insert(slot);
        }
        else
        {
            var moved = _others.Values.Where(order => order.Compare(_slots[slot], tenant) != 0).ToList();
            foreach (var order in moved) order.Remove(_slots[slot]);
            _slots.Replace(slot, tenant);
            foreach (var order in moved) order.Insert(slot);
        }

        _text.Change(slot);
    }

    public void Remove(TenantDescriptor tenant)
    {
        var slot = _byId.Find(tenant);
        if (slot < 0) return;
        foreach (var order in _others.Values) order.Remove(_slots[slot]);
        _byId.Remove(tenant);
        _slots.Free(slot);
        _text.Change(slot);
    }

    public TenantPage List(TenantQuery query)
    {
        if (_marks.Length != _slots.Words) _marks = new ulong[_slots.Words];
        _slots.Mark(query.Status, _marks);
        if (query.Search.Length > 0) _text.Narrow(query.Search, _marks);
        var count = _marks.Sum(BitOperations.PopCount);
        return new TenantPage(PageOf(query, count), count);
    }

    private List<TenantDescriptor> PageOf(TenantQuery query, int count)
    {
        var skip = (query.Page - 1L) * query.PerPage;
        var size = (int)Math.Clamp(count - skip, 0, query.PerPage);
        var items = new List<TenantDescriptor>(size);
        var order = OrderOf(query.Sort);
        for (var index = 0; items.Count < size; index++)
        {
            var slot = order[query.IsDescending ? order.Count - 1 - index : index];
            if ((_marks[slot / TenantSlots.WordBits] >> slot % TenantSlots.WordBits & 1) == 0 || skip-- > 0) continue;
            items.Add(_slots[slot]);
        }

        return items;
    }

    private TenantOrder OrderOf(TenantSort sort)
    {
        if (sort is not (TenantSort.Created or TenantSort.Updated)) return _byId;
        if (_others.TryGetValue(sort, out var known)) return known;
        return _others[sort] = new TenantOrder(_slots, sort is TenantSort.Created ? CompareCreated : CompareUpdated);
    }

    private static int CompareIds(TenantDescriptor first, TenantDescriptor second) =>
        string.CompareOrdinal(first.Id.Value, second.Id.Value);

    private static int CompareCreated(TenantDescriptor first, TenantDescriptor second) =>
        first.Created.CompareTo(second.Created) is not 0 and var order ? order : CompareIds(first, second);

    private static int CompareUpdated(TenantDescriptor first, TenantDescriptor second) =>
        first.Updated.CompareTo(second.Updated) is not 0 and var order ? order : CompareIds(first, second);
}
