namespace Platform.TenantShard.Filters.Sql;

/// <summary>A boolean SQL expression.</summary>
internal sealed record BoundCondition : BoundNode
{
    public BoundCondition(SqlFragment sql, IEnumerable<Join> joins)
    {
        Sql = sql;
        var all = new HashSet<Join>();
        foreach (var join in joins)
            for (var at = join; at is not null && all.Add(at); at = at.Parent) { }
        Joins = all;
    }

    public SqlFragment Sql { get; }

    public override IReadOnlySet<Join> Joins { get; }
}
