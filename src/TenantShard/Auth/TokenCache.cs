using System.Collections.Concurrent;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Requests;

namespace Platform.TenantShard.Auth;

/// <summary>
/// Tokens of one tenant that were verified. Good until they expire, the schema changes, or any auth record is written:
/// that may have changed a token key. Written by all requests of the tenant.
/// </summary>
internal sealed class TokenCache
{
    /// <summary>Clients that are busy at the same time; about 600 bytes each.</summary>
    private const int EntriesMax = 512;

    private ConcurrentDictionary<string, Entry>? _entries;
    private long _version;

    /// <summary>To be read before the database is, and given to <see cref="Add"/>.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Forgets all tokens. Called before a write to an auth collection is acknowledged.</summary>
    public void Invalidate()
    {
        Interlocked.Increment(ref _version);
        Volatile.Read(ref _entries)?.Clear();
    }

    public bool TryGet(string token, SchemaSnapshot schema, long now, out AuthIdentity? identity)
    {
        identity = null;
        if (Volatile.Read(ref _entries) is not { } entries || !entries.TryGetValue(token, out var entry)) return false;
        if (entry.Version != Version || !ReferenceEquals(entry.Schema, schema) || entry.ExpiresAt <= now) return false;
        identity = entry.Identity;
        return true;
    }

    /// <param name="token">The token as sent.</param>
    /// <param name="identity">Whom it proves.</param>
    /// <param name="expiresAt">Seconds since 1970.</param>
    /// <param name="schema">The schema it was checked with.</param>
    /// <param name="version">From before the check.</param>
    public void Add(string token, AuthIdentity identity, long expiresAt, SchemaSnapshot schema, long version)
    {
        var entries = Volatile.Read(ref _entries);
        if (entries is null)
        {
            entries = new ConcurrentDictionary<string, Entry>(concurrencyLevel: 2, capacity: 7, StringComparer.Ordinal);
            entries = Interlocked.CompareExchange(ref _entries, entries, null) ?? entries;
        }

        if (entries.Count >= EntriesMax) entries.Clear();
        entries[token] = new Entry(identity, expiresAt, schema, version);
    }

    private sealed record Entry(AuthIdentity Identity, long ExpiresAt, SchemaSnapshot Schema, long Version);
}
