using Platform.TenantShard.Filters.Syntax;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>
/// Writes a comparison of two operands. null and "" are equal to each other except in JSON documents; where a side is
/// known to be neither, or can hold no null, the plain form is written, which can use an index.
/// </summary>
internal static class Comparison
{
    public static SqlFragment Write(Operand left, FilterOperator comparison, Operand right) => comparison switch
    {
        FilterOperator.Equal => Equal(left, right),
        FilterOperator.NotEqual => NotEqual(left, right),
        FilterOperator.Greater => SqlFragment.Of($"{Exact(left)} > {Exact(right)}"),
        FilterOperator.GreaterOrEqual => SqlFragment.Of($"{Exact(left)} >= {Exact(right)}"),
        FilterOperator.Less => SqlFragment.Of($"{Exact(left)} < {Exact(right)}"),
        FilterOperator.LessOrEqual => SqlFragment.Of($"{Exact(left)} <= {Exact(right)}"),
        FilterOperator.Like => SqlFragment.Of($@"{Exact(left)} LIKE {Pattern(right)} ESCAPE '\'"),
        FilterOperator.NotLike => SqlFragment.Of($@"{Exact(left)} NOT LIKE {Pattern(right)} ESCAPE '\'"),
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    private static SqlFragment Exact(Operand operand) => operand.NullForEmpty ?? operand.Value;

    /// <summary>A longer pattern would fail the statement, and a text in which it occurs is rare enough.</summary>
    private static SqlFragment Pattern(Operand operand) => operand.Pattern ?? SqlFragment.Of(
        $"('%' || iif(length(CAST({Exact(operand)} AS BLOB)) < 49990, {Exact(operand)}, NULL) || '%')");

    private static SqlFragment Equal(Operand left, Operand right)
    {
        if (IsJson(left, right)) return SqlFragment.Of($"{Exact(left)} IS {Exact(right)}");
        if (TryPlain(left, right, out var a, out var b)) return SqlFragment.Of($"{a} = {b}");
        if (left.Content == OperandContent.Empty) return Equal(right, left);
        if (right.Content == OperandContent.Empty)
            return SqlFragment.Of($"({left.Value} = '' OR {left.Value} IS NULL)");
        if (left.Content == OperandContent.Parameter) return Equal(right, left);
        if (right.Content == OperandContent.Parameter)
        {
            var value = right.EmptyForNull!;
            return SqlFragment.Of($"({left.Value} = {value} OR ({value} = '' AND {left.Value} IS NULL))");
        }

        return SqlFragment.Of($"COALESCE({left.Value}, '') = COALESCE({right.Value}, '')");
    }

    private static SqlFragment NotEqual(Operand left, Operand right)
    {
        if (IsJson(left, right)) return SqlFragment.Of($"{Exact(left)} IS NOT {Exact(right)}");
        if (TryPlain(left, right, out var a, out var b)) return SqlFragment.Of($"{a} IS NOT {b}");
        if (left.Content == OperandContent.Empty) return NotEqual(right, left);
        if (right.Content == OperandContent.Empty)
            return SqlFragment.Of($"({left.Value} IS NOT '' AND {left.Value} IS NOT NULL)");
        if (left.Content == OperandContent.Parameter) return NotEqual(right, left);
        if (right.Content == OperandContent.Parameter)
        {
            var value = right.EmptyForNull!;
            return SqlFragment.Of($"({left.Value} IS NOT {value} AND ({value} IS NOT '' OR {left.Value} IS NOT NULL))");
        }

        return SqlFragment.Of($"COALESCE({left.Value}, '') IS NOT COALESCE({right.Value}, '')");
    }

    private static bool IsJson(Operand left, Operand right) =>
        left.Content == OperandContent.Json || right.Content == OperandContent.Json;

    /// <summary>True when a direct comparison of the two texts means the same, with what stands on each side.</summary>
    private static bool TryPlain(Operand left, Operand right, out SqlFragment a, out SqlFragment b)
    {
        a = Certain(left);
        b = Certain(right);
        if (left.Content == OperandContent.Filled || right.Content == OperandContent.Filled) return true;
        if (left.Content == OperandContent.Nullable || right.Content == OperandContent.Nullable) return false;

        // Two columns of different types would be converted; COALESCE compares them as they are.
        return left.Content != OperandContent.NotNull || right.Content != OperandContent.NotNull
            || left.Affinity == right.Affinity;
    }

    /// <summary>The operand with "" for a null that is known or may come with the request.</summary>
    private static SqlFragment Certain(Operand operand) => operand.Content switch
    {
        OperandContent.Empty => SqlFragment.EmptyText,
        OperandContent.Parameter => operand.EmptyForNull!,
        _ => operand.Value,
    };
}
