namespace Platform.TenantShard.Filters.Sql;

/// <summary>Parts joined by AND or OR.</summary>
internal sealed record BoundJunction : BoundNode
{
    public BoundJunction(bool isAnd, IReadOnlyList<BoundNode> parts)
    {
        IsAnd = isAnd;
        Parts = parts;
        Joins = parts.SelectMany(part => part.Joins).ToHashSet();
    }

    public bool IsAnd { get; }

    public IReadOnlyList<BoundNode> Parts { get; }

    public override IReadOnlySet<Join> Joins { get; }
}
