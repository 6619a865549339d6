using System.Collections.Frozen;

namespace Platform.TenantShard.Collections;

/// <summary>
/// All collections of a tenant at one schema version. Immutable: a schema change makes a new snapshot, and readers
/// keep the one they started with. Collections are found by id or, without case, by name.
/// </summary>
internal sealed class SchemaSnapshot
{
    private readonly FrozenDictionary<string, Collection> _byId;
    private readonly FrozenDictionary<string, Collection> _byName;

    public SchemaSnapshot(long version, IReadOnlyList<Collection> collections)
    {
        Version = version;
        Collections = collections;
        _byId = collections.ToFrozenDictionary(collection => collection.Id, StringComparer.Ordinal);
        _byName = collections.ToFrozenDictionary(collection => collection.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Grows with every schema change within one activation; caches of compiled queries are keyed by it.</summary>
    public long Version { get; }

    public IReadOnlyList<Collection> Collections { get; }

    /// <summary>The collection with that id or name, or null.</summary>
    public Collection? Find(string idOrName) =>
        _byName.TryGetValue(idOrName, out var byName) ? byName : _byId.GetValueOrDefault(idOrName);

    public Collection? FindById(string id) => _byId.GetValueOrDefault(id);

    public Collection? FindByName(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The next version, with these collections.</summary>
    public SchemaSnapshot With(IReadOnlyList<Collection> collections) => new(Version + 1, collections);
}
