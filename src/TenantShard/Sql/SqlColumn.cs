namespace Platform.TenantShard.Sql;

/// <summary>A column of a result.</summary>
/// <param name="Name">As the query calls it.</param>
/// <param name="Type">As the table declares it; empty for an expression.</param>
/// <param name="IsNullable">False for a column that the table declares NOT NULL.</param>
internal sealed record SqlColumn(string Name, string Type, bool IsNullable);
