namespace Platform.TenantShard.Collections.Fields;

/// <summary>Plain text; also the id, when it is the primary key.</summary>
internal sealed record TextField : Field
{
    /// <summary>Longest text when <see cref="Max"/> is 0, in characters.</summary>
    public const int DefaultMax = 5000;

    public override string Type => "text";

    public bool IsPrimaryKey { get; init; }

    /// <summary>Fewest characters; 0 = no limit.</summary>
    public int Min { get; init; }

    /// <summary>Most characters; 0 = <see cref="DefaultMax"/>.</summary>
    public int Max { get; init; }

    /// <summary>A regular expression that the value must match; empty = none.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>A pattern from which a value is made when a record is created without one; empty = none.</summary>
    public string AutogeneratePattern { get; init; } = "";

    public override string ColumnDefinition => IsPrimaryKey
        ? "TEXT PRIMARY KEY DEFAULT ('r'||lower(hex(randomblob(7)))) NOT NULL"
        : "TEXT DEFAULT '' NOT NULL";
}
