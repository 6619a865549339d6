namespace Platform.TenantShard.Collections.Fields;

/// <summary>A 64-bit floating-point number.</summary>
internal sealed record NumberField : Field
{
    public override string Type => "number";

    public double? Min { get; init; }

    public double? Max { get; init; }

    public bool IsIntegerOnly { get; init; }

    public override string ColumnDefinition => "NUMERIC DEFAULT 0 NOT NULL";
}
