namespace Platform.TenantShard.Collections.Fields;

/// <summary>Names of files that belong to the record.</summary>
internal sealed record FileField : Field
{
    /// <summary>Largest file when <see cref="MaxSize"/> is 0, in bytes.</summary>
    public const long DefaultMaxSize = 5 << 20;

    public override string Type => "file";

    public long MaxSize { get; init; }

    public int MaxSelect { get; init; } = 1;

    public IReadOnlyList<string>? MimeTypes { get; init; }

    /// <summary>Thumbnail sizes that may be asked for, such as <c>100x100</c>.</summary>
    public IReadOnlyList<string>? Thumbs { get; init; }

    /// <summary>Needs a file token to be read.</summary>
    public bool IsProtected { get; init; }

    public override bool IsMultiple => MaxSelect > 1;

    public override string ColumnDefinition =>
        IsMultiple ? "JSON DEFAULT '[]' NOT NULL" : "TEXT DEFAULT '' NOT NULL";
}
