namespace Platform.TenantShard.Filters.Syntax;

/// <summary>A parsed filter, immutable and independent of any schema.</summary>
internal abstract record FilterNode;
