namespace Platform.TenantShard.Filters.Sql;

/// <summary>One side of a comparison, as SQL.</summary>
internal sealed record Operand(SqlFragment Value, OperandContent Content)
{
    public static Operand Null { get; } = new(SqlFragment.Null, OperandContent.Empty);

    /// <summary>For <see cref="OperandContent.Parameter"/>: the value with "" for null.</summary>
    public SqlFragment? EmptyForNull { get; init; }

    /// <summary>The value as a LIKE pattern, when it is a parameter; columns are wrapped in SQL instead.</summary>
    public SqlFragment? Pattern { get; init; }

    /// <summary>
    /// The value where null and "" differ (order, patterns, JSON), when that is not <see cref="Value"/>: the id behind an
    /// empty relation is null, though <c>=</c> may read the column, in which it is "".
    /// </summary>
    public SqlFragment? NullForEmpty { get; init; }

    public ColumnAffinity Affinity { get; init; }

    /// <summary>There may be several values, and a plain operator must match them all.</summary>
    public bool IsMulti { get; init; }

    /// <summary>The joins that <see cref="Value"/> and <see cref="Guards"/> read.</summary>
    public IReadOnlyList<Join> Joins { get; init; } = [];

    /// <summary>Conditions under which the client may see the value; each is AND-ed to the comparison.</summary>
    public IReadOnlyList<SqlFragment> Guards { get; init; } = [];

    /// <summary>A value known in full only when the request is there.</summary>
    public static Operand Late(ParameterSource source) =>
        new(SqlFragment.Parameter(source), OperandContent.Parameter)
        {
            EmptyForNull = SqlFragment.Parameter(new EmptyForNullParameter(source)),
            Pattern = SqlFragment.Parameter(new PatternParameter(source)),
        };

    /// <summary>A parameter that is never null or "".</summary>
    public static Operand Filled(ParameterSource source) =>
        new(SqlFragment.Parameter(source), OperandContent.Filled)
        {
            Pattern = SqlFragment.Parameter(new PatternParameter(source)),
        };

    /// <summary>The value in lower case (ASCII only, as SQLite does it).</summary>
    public Operand Lower() => this with
    {
        Value = SqlFragment.Of($"lower({Value})"),
        NullForEmpty = NullForEmpty is null ? null : SqlFragment.Of($"lower({NullForEmpty})"),
        EmptyForNull = EmptyForNull is null ? null : SqlFragment.Of($"lower({EmptyForNull})"),
        Pattern = Pattern is null ? null : SqlFragment.Of($"lower({Pattern})"),
        Affinity = ColumnAffinity.None,
    };
}
