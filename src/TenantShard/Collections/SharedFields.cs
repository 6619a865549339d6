using Platform.TenantShard.Collections.Fields;

namespace Platform.TenantShard.Collections;

/// <summary>
/// Field lists that were read before, by their stored JSON. Every tenant has the same system collections, and many were
/// made from the same schema: they share one immutable list, and an activation parses nothing twice. Used by all
/// activations of the process.
/// </summary>
internal static class SharedFields
{
    /// <summary>Lists kept, a few KiB each; when full all are forgotten, which costs only time.</summary>
    private const int ListsMax = 1024;

    private static readonly Dictionary<int, Entry> ByHash = [];
    private static readonly Lock Gate = new();

    /// <summary>The list of that JSON, or null.</summary>
    public static IReadOnlyList<Field>? Find(ReadOnlySpan<byte> json)
    {
        var hash = Hash(json);
        lock (Gate)
        {
            return ByHash.TryGetValue(hash, out var entry) && json.SequenceEqual(entry.Json) ? entry.Fields : null;
        }
    }

    /// <summary>Keeps a list for later activations.</summary>
    public static void Keep(ReadOnlySpan<byte> json, IReadOnlyList<Field> fields)
    {
        var entry = new Entry(json.ToArray(), fields);
        var hash = Hash(json);
        lock (Gate)
        {
            if (ByHash.Count >= ListsMax) ByHash.Clear();
            ByHash[hash] = entry;
        }
    }

    // Seeded per process: nobody can prepare schemas that collide. Whoever has the same hash replaces the other.
    private static int Hash(ReadOnlySpan<byte> json)
    {
        var hash = default(HashCode);
        hash.AddBytes(json);
        return hash.ToHashCode();
    }

    private sealed record Entry(byte[] Json, IReadOnlyList<Field> Fields);
}
