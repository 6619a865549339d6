using System.Diagnostics.CodeAnalysis;

namespace Platform.TenantShard.Filters;

/// <summary>A map that forgets, when it is full, what was not used for longest. Thread safe.</summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _entries = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _recent = [];

    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                value = default;
                return false;
            }

            _recent.Remove(entry);
            _recent.AddFirst(entry);
            value = entry.Value.Value;
            return true;
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_entries.Remove(key, out var known)) _recent.Remove(known);
            _entries[key] = _recent.AddFirst((key, value));
            if (_entries.Count <= capacity) return;
            _entries.Remove(_recent.Last!.Value.Key);
            _recent.RemoveLast();
        }
    }
}
