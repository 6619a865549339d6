namespace Platform.TenantShard.Filters.Sql;

/// <summary>
/// A LEFT JOIN inside an EXISTS: one step of a path that may lead to several rows. Paths with the same beginning share
/// it, so that conditions on two fields of it speak of the same row.
/// </summary>
/// <param name="parent">The join whose row this one starts from, or null for the root's row.</param>
/// <param name="clause"><c>LEFT JOIN ... ON ...</c>.</param>
internal sealed class Join(Join? parent, SqlFragment clause)
{
    public Join? Parent { get; } = parent;

    public SqlFragment Clause { get; } = clause;
}
