using Platform.TenantShard.Database;

namespace Platform.TenantShard.Filters;

/// <summary>
/// A boolean SQL expression over the root collection's table, which the statement must name without an alias:
/// <c>SELECT ... FROM "posts" WHERE (Where)</c>. It selects no row twice, so count(*) needs no DISTINCT. Combine two
/// with <c>(a) AND (b)</c> and their parameters in the same order.
/// </summary>
/// <param name="Where">SQL with positional <c>?</c> parameters; the same text for the same rule of a schema.</param>
/// <param name="Parameters">One value for each <c>?</c>, in order.</param>
internal sealed record CompiledFilter(string Where, IReadOnlyList<SqlValue> Parameters);
