namespace Platform.TenantShard.Filters.Sql;

/// <summary>What is known of an operand's value when the SQL is made; decides how null and "" are made equal.</summary>
internal enum OperandContent
{
    /// <summary>null or "".</summary>
    Empty,

    /// <summary>Neither null nor "".</summary>
    Filled,

    /// <summary>A parameter that may turn out as anything.</summary>
    Parameter,

    /// <summary>A column that is never null.</summary>
    NotNull,

    /// <summary>Anything.</summary>
    Nullable,

    /// <summary>A value of a JSON document, where null and "" are different.</summary>
    Json,
}
