namespace Platform.TenantShard.Filters.Sql;

/// <summary>How SQLite converts the other side of a comparison with a column.</summary>
internal enum ColumnAffinity
{
    /// <summary>An expression: no conversion.</summary>
    None,
    Text,
    Numeric,
}
