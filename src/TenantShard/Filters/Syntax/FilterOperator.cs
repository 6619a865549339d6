namespace Platform.TenantShard.Filters.Syntax;

/// <summary>How two operands are compared, apart from whether all or any of their values must match.</summary>
internal enum FilterOperator
{
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Like,
    NotLike,
}
