namespace Platform.TenantShard.Collections.Fields;

/// <summary>Any JSON value, stored as text.</summary>
internal sealed record JsonField : Field
{
    /// <summary>Largest value when <see cref="MaxSize"/> is 0, in bytes.</summary>
    public const long DefaultMaxSize = 1 << 20;

    public override string Type => "json";

    /// <summary>Most bytes; 0 = <see cref="DefaultMaxSize"/>.</summary>
    public long MaxSize { get; init; }

    public override string ColumnDefinition => "JSON DEFAULT NULL";
}
