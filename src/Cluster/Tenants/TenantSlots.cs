using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>
/// Tenants by small numbers, which orders, marks and the search text use for them. A number is used again when its
/// tenant is gone.
/// </summary>
internal sealed class TenantSlots
{
    /// <summary>Slots of one word of marks.</summary>
    public const int WordBits = 64;

    private readonly Stack<int> _free = new();
    private TenantDescriptor?[] _tenants;
    private ulong[] _present;
    private ulong[] _deleted;
    private int _used;

    public TenantSlots(IReadOnlyList<TenantDescriptor> tenants)
    {
        _tenants = new TenantDescriptor?[Math.Max(WordBits, tenants.Count)];
        _present = new ulong[WordsOf(_tenants.Length)];
        _deleted = new ulong[WordsOf(_tenants.Length)];
        foreach (var tenant in tenants) Add(tenant);
    }

    /// <summary>Slots that are or were in use.</summary>
    public int Count => _used;

    /// <summary>Words that hold a mark for each slot.</summary>
    public int Words => WordsOf(_used);

    public TenantDescriptor this[int slot] =>
        _tenants[slot] ?? throw new InvalidOperationException($"Slot {slot} is free.");

    public bool TryGet(int slot, out TenantDescriptor? tenant) =>
        (tenant = slot < _used ? _tenants[slot] : null) is not null;

    public int Add(TenantDescriptor tenant)
    {
        if (!_free.TryPop(out var slot)) slot = _used++;
        if (slot == _tenants.Length)
        {
            Array.Resize(ref _tenants, _tenants.Length * 2);
            Array.Resize(ref _present, WordsOf(_tenants.Length));
            Array.Resize(ref _deleted, WordsOf(_tenants.Length));
        }

        Replace(slot, tenant);
        return slot;
    }

    public void Replace(int slot, TenantDescriptor tenant)
    {
        _tenants[slot] = tenant;
        Set(_present, slot, true);
        Set(_deleted, slot, tenant.Status == TenantStatus.Deleted);
    }

    public void Free(int slot)
    {
        _tenants[slot] = null;
        Set(_present, slot, false);
        Set(_deleted, slot, false);
        _free.Push(slot);
    }

    /// <summary>Sets the marks of the tenants with a status (null: of all), and clears the others'.</summary>
    public void Mark(TenantStatus? status, Span<ulong> marks)
    {
        for (var word = 0; word < marks.Length; word++)
            marks[word] = status switch
            {
                null => _present[word],
                TenantStatus.Deleted => _deleted[word],
                _ => _present[word] & ~_deleted[word],
            };
    }

    private static int WordsOf(int slots) => (slots + WordBits - 1) / WordBits;

    private static void Set(ulong[] marks, int slot, bool value)
    {
        var bit = 1UL << slot % WordBits;
        if (value) marks[slot / WordBits] |= bit;
        else marks[slot / WordBits] &= ~bit;
    }
}
