namespace Platform.TenantShard.Collections.Fields;

/// <summary>
/// A field of a collection: one column. The id is stable over renames. One sealed record per type, each in its own
/// file with its options, defaults, column and validation.
/// </summary>
internal abstract record Field
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The type's name in JSON: <c>text</c>, <c>number</c>, ...</summary>
    public abstract string Type { get; }

    /// <summary>A field that the platform needs: cannot be renamed or deleted.</summary>
    public bool IsSystem { get; init; }

    /// <summary>Shown to superusers only.</summary>
    public bool IsHidden { get; init; }

    /// <summary>A hint for admin user interfaces.</summary>
    public bool IsPresentable { get; init; }

    /// <summary>A text for people who fill in the field; shown by admin user interfaces.</summary>
    public string Help { get; init; } = "";

    /// <summary>Must not be the type's zero value.</summary>
    public bool IsRequired { get; init; }

    /// <summary>True when the column holds a JSON array of values.</summary>
    public virtual bool IsMultiple => false;

    /// <summary>The column's type, default and constraints, as in CREATE TABLE after the name.</summary>
    public abstract string ColumnDefinition { get; }
}
