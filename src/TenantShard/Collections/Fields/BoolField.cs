namespace Platform.TenantShard.Collections.Fields;

/// <summary>True or false.</summary>
internal sealed record BoolField : Field
{
    public override string Type => "bool";

    public override string ColumnDefinition => "BOOLEAN DEFAULT FALSE NOT NULL";
}
