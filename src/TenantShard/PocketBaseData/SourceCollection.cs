using Platform.TenantShard.Collections;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>A collection as the tenant will have it, and where its rows come from.</summary>
internal sealed record SourceCollection
{
    private static readonly Dictionary<string, string> SameNames = [];

    public required Collection Collection { get; init; }

    /// <summary>The table of the uploaded database; null for a view, and for a collection that it has not.</summary>
    public required string? Table { get; init; }

    /// <summary>Fields whose values are not those of the column of their name: SQL over the uploaded table.</summary>
    public IReadOnlyDictionary<string, string> Expressions { get; init; } = SameNames;

    /// <summary>Columns that no field needs any more, and that nobody misses.</summary>
    public IReadOnlyList<string> Obsolete { get; init; } = [];
}
