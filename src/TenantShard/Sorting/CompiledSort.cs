using Platform.TenantShard.Database;

namespace Platform.TenantShard.Sorting;

/// <summary>
/// The terms of an ORDER BY over the root collection's table, which the statement must name without an alias. Its
/// parameters come after those of the WHERE clause.
/// </summary>
/// <param name="OrderBy">SQL without the words ORDER BY; empty for no order.</param>
/// <param name="Parameters">One value for each <c>?</c>, in order.</param>
internal sealed record CompiledSort(string OrderBy, IReadOnlyList<SqlValue> Parameters)
{
    public static CompiledSort None { get; } = new("", []);
}
