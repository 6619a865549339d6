using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>
/// The slots of all tenants in one order: an array, four bytes a tenant, because it is walked far more often than changed.
/// A change moves what is behind it, 0.4 MB at most for 100,000 tenants.
/// </summary>
internal sealed class TenantOrder
{
    private readonly TenantSlots _tenants;
    private readonly Comparison<TenantDescriptor> _compare;
    private int[] _sorted;

    /// <param name="tenants">The tenants; all of them are in the order.</param>
    /// <param name="compare">A total order.</param>
    public TenantOrder(TenantSlots tenants, Comparison<TenantDescriptor> compare)
    {
        (_tenants, _compare) = (tenants, compare);
        _sorted = [.. Enumerable.Range(0, tenants.Count).Where(slot => tenants.TryGet(slot, out _))];
        Count = _sorted.Length;
        _sorted.AsSpan().Sort((first, second) => compare(tenants[first], tenants[second]));
    }

    public int Count { get; private set; }

    public int this[int index] => _sorted[index];

    public int Compare(TenantDescriptor first, TenantDescriptor second) => _compare(first, second);

    /// <summary>The slot of the tenant that is equal in this order; −1: there is none.</summary>
    public int Find(TenantDescriptor tenant) => IndexOf(tenant) is >= 0 and var index ? _sorted[index] : -1;

    public void Insert(int slot)
    {
        var index = ~IndexOf(_tenants[slot]);
        if (index < 0) throw new InvalidOperationException($"Tenant '{_tenants[slot].Id.Value}' is in the order already.");
        if (Count == _sorted.Length) Array.Resize(ref _sorted, Math.Max(TenantSlots.WordBits, Count * 2));
        Array.Copy(_sorted, index, _sorted, index + 1, Count - index);
        _sorted[index] = slot;
        Count++;
    }

    public void Remove(TenantDescriptor tenant)
    {
        var index = IndexOf(tenant);
        if (index < 0) throw new InvalidOperationException($"Tenant '{tenant.Id.Value}' is not in the order.");
        Count--;
        Array.Copy(_sorted, index + 1, _sorted, index, Count - index);
    }

    /// <summary>Where a tenant is, or the complement of where it would be.</summary>
    private int IndexOf(TenantDescriptor tenant)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            var order = _compare(_tenants[_sorted[middle]], tenant);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}
