namespace Platform.TenantShard.Collections.Fields;

/// <summary>A moment, stored as UTC text <c>2006-01-02 15:04:05.000Z</c>, or empty.</summary>
internal sealed record DateField : Field
{
    public override string Type => "date";

    /// <summary>Earliest moment, in the stored form; empty = none.</summary>
    public string Min { get; init; } = "";

    public string Max { get; init; } = "";

    public override string ColumnDefinition => "TEXT DEFAULT '' NOT NULL";
}
