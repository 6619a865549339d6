namespace Platform.TenantShard.Filters.Sql;

/// <summary>A part of a filter whose operands are SQL, before its joins have a place.</summary>
internal abstract record BoundNode
{
    /// <summary>All joins that the part reads, with those that they start from.</summary>
    public abstract IReadOnlySet<Join> Joins { get; }
}
