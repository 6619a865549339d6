namespace Platform.TenantShard.Collections.Fields;

/// <summary>The moment of creation or of the last update, set by the engine.</summary>
internal sealed record AutodateField : Field
{
    public override string Type => "autodate";

    public bool OnCreate { get; init; }

    public bool OnUpdate { get; init; }

    public override string ColumnDefinition => "TEXT DEFAULT '' NOT NULL";
}
