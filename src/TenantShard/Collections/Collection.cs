using System.Text.Json;
using Platform.TenantShard.Collections.Fields;

namespace Platform.TenantShard.Collections;

/// <summary>
/// A collection of one schema version: immutable, shared by all requests. Stored as a row of <c>_collections</c>; a
/// base or auth collection has a table of its name, a view collection a SQL view.
/// </summary>
internal sealed record Collection
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public CollectionType Type { get; init; } = CollectionType.Base;

    /// <summary>A collection of the platform's own: cannot be renamed or deleted.</summary>
    public bool IsSystem { get; init; }

    /// <summary>In the order that the API shows; the first is the id.</summary>
    public required IReadOnlyList<Field> Fields { get; init; }

    /// <summary>CREATE INDEX statements, as their author wrote them.</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [];

    /// <summary>A rule: null = superusers only, "" = anyone, otherwise a filter expression.</summary>
    public string? ListRule { get; init; }

    public string? ViewRule { get; init; }

    public string? CreateRule { get; init; }

    public string? UpdateRule { get; init; }

    public string? DeleteRule { get; init; }

    /// <summary>Options of auth and view collections, a JSON object as PocketBase stores it.</summary>
    public JsonElement Options { get; init; }

    /// <summary>UTC, as <c>2006-01-02 15:04:05.000Z</c>.</summary>
    public required string Created { get; init; }

    public required string Updated { get; init; }

    /// <summary>The field of that name, or null. Names are compared without case, as SQLite compares columns.</summary>
    public Field? FindField(string name)
    {
        foreach (var field in Fields)
            if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase)) return field;
        return null;
    }
}
