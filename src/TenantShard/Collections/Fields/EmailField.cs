namespace Platform.TenantShard.Collections.Fields;

/// <summary>An e-mail address. At most one of the domain lists may be set.</summary>
internal sealed record EmailField : Field
{
    public override string Type => "email";

    public IReadOnlyList<string>? ExceptDomains { get; init; }

    public IReadOnlyList<string>? OnlyDomains { get; init; }

    public override string ColumnDefinition => "TEXT DEFAULT '' NOT NULL";
}
