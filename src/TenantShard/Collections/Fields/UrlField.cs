namespace Platform.TenantShard.Collections.Fields;

/// <summary>An absolute URL. At most one of the domain lists may be set.</summary>
internal sealed record UrlField : Field
{
    public override string Type => "url";

    public IReadOnlyList<string>? ExceptDomains { get; init; }

    public IReadOnlyList<string>? OnlyDomains { get; init; }

    public override string ColumnDefinition => "TEXT DEFAULT '' NOT NULL";
}
