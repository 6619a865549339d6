namespace Platform.TenantShard.Collections.Fields;

/// <summary>Ids of records of another (or the same) collection.</summary>
internal sealed record RelationField : Field
{
    public override string Type => "relation";

    /// <summary>The id of the related collection; fixed once saved.</summary>
    public required string CollectionId { get; init; }

    /// <summary>Deleting the last related record deletes this record too.</summary>
    public bool CascadeDelete { get; init; }

    public int MinSelect { get; init; }

    public int MaxSelect { get; init; } = 1;

    public override bool IsMultiple => MaxSelect > 1;

    public override string ColumnDefinition =>
        IsMultiple ? "JSON DEFAULT '[]' NOT NULL" : "TEXT DEFAULT '' NOT NULL";
}
