namespace Platform.TenantShard.Collections.Fields;

/// <summary>HTML text of a rich-text editor.</summary>
internal sealed record EditorField : Field
{
    /// <summary>Largest text when <see cref="MaxSize"/> is 0, in bytes.</summary>
    public const long DefaultMaxSize = 5 << 20;

    public override string Type => "editor";

    /// <summary>Most bytes; 0 = <see cref="DefaultMaxSize"/>.</summary>
    public long MaxSize { get; init; }

    /// <summary>A hint for editors: store relative URLs.</summary>
    public bool ConvertsUrls { get; init; }

    public override string ColumnDefinition => "TEXT DEFAULT '' NOT NULL";
}
