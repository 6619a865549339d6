using Platform.TenantShard.Collections.Tables;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>
/// A piece of SQL with the parameters that its <c>?</c> stand for, in order. Built by <see cref="Of"/> from literal
/// text and other fragments only, so that no value can get into the text.
/// </summary>
internal sealed class SqlFragment
{
    internal SqlFragment(string text, IReadOnlyList<ParameterSource> parameters)
    {
        Text = text;
        Parameters = parameters;
    }

    public static SqlFragment Null { get; } = new("NULL", []);

    public static SqlFragment True { get; } = new("1", []);

    public static SqlFragment False { get; } = new("0", []);

    public static SqlFragment EmptyText { get; } = new("''", []);

    public string Text { get; }

    public IReadOnlyList<ParameterSource> Parameters { get; }

    public static SqlFragment Of(SqlFragmentHandler handler) => handler.ToFragment();

    public static SqlFragment Parameter(ParameterSource source) => new("?", [source]);

    /// <summary>A name of the schema, or an alias.</summary>
    public static SqlFragment Name(string name) => new(SqlName.Quote(name), []);

    public static SqlFragment Column(string table, string column) => new(SqlName.Column(table, column), []);

    /// <summary>The fragments with a separator of the caller's own text between them.</summary>
    public static SqlFragment Join(string separator, IEnumerable<SqlFragment> fragments)
    {
        var parts = fragments as IReadOnlyList<SqlFragment> ?? [.. fragments];
        return parts.Count == 1
            ? parts[0]
            : new SqlFragment(
                string.Join(separator, parts.Select(part => part.Text)),
                [.. parts.SelectMany(part => part.Parameters)]);
    }
}
