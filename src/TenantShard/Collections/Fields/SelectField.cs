namespace Platform.TenantShard.Collections.Fields;

/// <summary>One or several of a list of values.</summary>
internal sealed record SelectField : Field
{
    public override string Type => "select";

    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Most values; above 1 the column holds a JSON array.</summary>
    public int MaxSelect { get; init; } = 1;

    public override bool IsMultiple => MaxSelect > 1;

    public override string ColumnDefinition =>
        IsMultiple ? "JSON DEFAULT '[]' NOT NULL" : "TEXT DEFAULT '' NOT NULL";
}
