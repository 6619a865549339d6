using Platform.TenantShard.Filters.Syntax;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>Compiles one comparison, with the match-all condition of its multi-valued operands.</summary>
internal sealed class ConditionCompiler(CompileContext context, JoinScope scope)
{
    public BoundNode Compile(ConditionNode node)
    {
        var operands = new OperandResolver(context, scope);
        var left = operands.Resolve(node.Left);
        var right = operands.Resolve(node.Right);
        var joins = left.Joins.Concat(right.Joins).ToList();
        var parts = new List<BoundNode> { new BoundCondition(Comparison.Write(left, node.Operator, right), joins) };
        if (!node.IsAny && (left.IsMulti || right.IsMulti)) parts.Add(MatchAll(node, left, right));
        foreach (var guard in left.Guards) parts.Add(new BoundCondition(guard, left.Joins));
        foreach (var guard in right.Guards) parts.Add(new BoundCondition(guard, right.Joins));
        return parts.Count == 1 ? parts[0] : new BoundJunction(isAnd: true, parts);
    }

    /// <summary>
    /// No value for which the comparison is false: every multi-valued side is walked once more, apart from the joins
    /// of the rest of the filter, and each pair of two such sides counts.
    /// </summary>
    private BoundCondition MatchAll(ConditionNode node, Operand left, Operand right)
    {
        var clauses = new List<SqlFragment>();
        var outer = new List<Join>();
        var leftValue = Again(node.Left, left, clauses, outer);
        var rightValue = Again(node.Right, right, clauses, outer);
        var comparison = Comparison.Write(leftValue, node.Operator, rightValue);
        var sql = SqlFragment.Of(
            $"NOT EXISTS (SELECT 1 FROM (SELECT 1) {SqlFragment.Join(" ", clauses)} WHERE NOT ({comparison}))");
        return new BoundCondition(sql, outer);
    }

    private Operand Again(OperandNode node, Operand operand, List<SqlFragment> clauses, List<Join> outer)
    {
        if (!operand.IsMulti)
        {
            outer.AddRange(operand.Joins);
            return operand;
        }

        var own = new JoinScope(context.Aliases);
        var again = new OperandResolver(context, own).Resolve(node);
        clauses.AddRange(own.Joins.Select(join => join.Clause));
        return again;
    }
}
