using Platform.TenantShard.Filters.Syntax;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>
/// Compiles a whole filter. PocketBase joins all paths to the root and drops duplicate rows; the same rows are selected
/// here by EXISTS around the smallest parts that read a join, so that plain conditions can use indexes, no row comes
/// twice and count(*) is cheap. EXISTS distributes over OR, and over AND where the parts share no join.
/// </summary>
internal static class ConditionTree
{
    /// <summary>SQLite joins at most 64 tables; four are kept for what an expression adds.</summary>
    private const int TablesMax = 60;

    public static SqlFragment Compile(CompileContext context, FilterNode node)
    {
        var scope = new JoinScope(context.Aliases);
        var bound = Bind(new ConditionCompiler(context, scope), node);
        return Write(bound, scope, []);
    }

    private static BoundNode Bind(ConditionCompiler conditions, FilterNode node) => node switch
    {
        JunctionNode junction =>
            new BoundJunction(junction.IsAnd, [.. junction.Parts.Select(part => Bind(conditions, part))]),
        ConditionNode condition => conditions.Compile(condition),
        _ => throw new InvalidOperationException("Unknown kind of filter node."),
    };

    /// <param name="node">What to write.</param>
    /// <param name="scope">All joins, for their order.</param>
    /// <param name="open">The joins that surround this place already.</param>
    private static SqlFragment Write(BoundNode node, JoinScope scope, HashSet<Join> open) => node switch
    {
        BoundCondition condition => Surround(condition.Sql, scope, condition.Joins, open),
        BoundJunction { IsAnd: false } any => Parenthesise(" OR ", any.Parts.Select(part => Write(part, scope, open))),
        BoundJunction all => Parenthesise(" AND ", Groups(all, open).Select(group => WriteGroup(group, scope, open))),
        _ => throw new InvalidOperationException("Unknown kind of bound node."),
    };

    private static SqlFragment Parenthesise(string separator, IEnumerable<SqlFragment> parts)
    {
        var joined = SqlFragment.Join(separator, parts);
        return SqlFragment.Of($"({joined})");
    }

    private static SqlFragment WriteGroup(List<BoundNode> group, JoinScope scope, HashSet<Join> open)
    {
        if (group.Count == 1) return Write(group[0], scope, open);
        var shared = group.SelectMany(part => part.Joins).GroupBy(join => join).Where(uses => uses.Count() > 1)
            .Select(uses => uses.Key).ToHashSet();
        var inside = new HashSet<Join>(open);
        inside.UnionWith(shared);
        var body = SqlFragment.Join(" AND ", group.Select(part => Write(part, scope, inside)));
        return Surround(body, scope, shared, open);
    }

    /// <summary>Parts that share a join must see the same row of it; others stand alone.</summary>
    private static List<List<BoundNode>> Groups(BoundJunction all, HashSet<Join> open)
    {
        var groups = new List<(List<BoundNode> Parts, HashSet<Join> Joins)>();
        foreach (var part in all.Parts)
        {
            var unopened = part.Joins.Where(join => !open.Contains(join)).ToHashSet();
            var merged = (Parts: new List<BoundNode>(), Joins: unopened);
            for (var i = 0; i < groups.Count;)
            {
                if (!groups[i].Joins.Overlaps(merged.Joins))
                {
                    i++;
                    continue;
                }

                merged.Parts.AddRange(groups[i].Parts);
                merged.Joins.UnionWith(groups[i].Joins);
                groups.RemoveAt(i);
            }

            merged.Parts.Add(part);
            groups.Add(merged);
        }

        return [.. groups.Select(group => group.Parts)];
    }

    /// <summary>There is a combination of joined rows for which the condition holds.</summary>
    private static SqlFragment Surround(
        SqlFragment condition, JoinScope scope, IReadOnlySet<Join> joins, HashSet<Join> open)
    {
        var clauses = scope.Joins.Where(join => joins.Contains(join) && !open.Contains(join))
            .Select(join => join.Clause).ToList();
        if (clauses.Count == 0) return condition;
        if (clauses.Count > TablesMax) throw AliasSource.TooMany();
        return SqlFragment.Of($"EXISTS (SELECT 1 FROM (SELECT 1) {SqlFragment.Join(" ", clauses)} WHERE {condition})");
    }
}
