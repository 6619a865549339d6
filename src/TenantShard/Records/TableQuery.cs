using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Filters;
using Platform.TenantShard.Http;
using Platform.TenantShard.Sorting;

namespace Platform.TenantShard.Records;

/// <summary>
/// Reads a page of a table that is none of records, such as the logs, by a client's filter, sort and page.
/// </summary>
internal sealed class TableQuery
{
    /// <summary>The total of a list whose client did not want it counted.</summary>
    public const long UnknownTotal = -1;

    private readonly string _table;
    private readonly RowFilter? _filter;
    private readonly CompiledSort _sort;
    private readonly ListParameters _parameters;

    private TableQuery(string table, ListParameters parameters, RowFilter? filter, CompiledSort sort) =>
        (_table, _parameters, _filter, _sort) = (table, parameters, filter, sort);

    /// <param name="context">The request.</param>
    /// <param name="columns">The table, with what can be found and sorted by as its fields.</param>
    /// <param name="parameters">What the client sent.</param>
    /// <param name="sort">Its sort.</param>
    /// <exception cref="Errors.ApiException">400 for a mistake in filter or sort.</exception>
    public static TableQuery Compile(ApiContext context, Collection columns, ListParameters parameters, string sort)
    {
        var filter = parameters.Filter.Length == 0 ? null : RowFilter.ForClient(context, columns, parameters.Filter);
        var options = FilterOptions.ForClient(context.Request, context.Shard.Clock);
        return new TableQuery(
            $"`{columns.Name}`", parameters, filter,
            SortCompiler.Compile(context.Schema, columns, sort, context.Request, options));
    }

    /// <summary>The rows of the page.</summary>
    public List<TRow> Read<TRow>(DatabaseConnection connection, string columns, Func<Statement, TRow> read)
    {
        var order = _sort.OrderBy.Length == 0 ? "" : $" ORDER BY {_sort.OrderBy}";
        using var select = Select(connection, columns, $"{order} LIMIT ? OFFSET ?", out var next);
        foreach (var parameter in _sort.Parameters) select.Bind(next++, parameter);
        select.BindInt64(next, _parameters.PerPage);
        select.BindInt64(next + 1, (_parameters.Page - 1) * _parameters.PerPage);
        var rows = new List<TRow>();
        while (select.Step()) rows.Add(read(select));
        return rows;
    }

    /// <summary>How many rows there are on all pages, if the client wants to know.</summary>
    public long Count(DatabaseConnection connection)
    {
        if (_parameters.SkipTotal) return UnknownTotal;
        using var count = Select(connection, "count(*)", "", out _);
        count.Step();
        return count.Int64(0);
    }

    /// <summary>A statement over the rows that the filter selects, with its parameters bound.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="columns">What is selected.</param>
    /// <param name="end">What follows the condition.</param>
    /// <param name="next">The next free parameter.</param>
    public Statement Select(DatabaseConnection connection, string columns, string end, out int next)
    {
        var where = _filter is null ? "" : $" WHERE ({_filter.Where})";
        // The text is the client's: it is not kept.
        var select = connection.PrepareOnce($"SELECT {columns} FROM {_table}{where}{end}");
        next = _filter?.Bind(select, 1) ?? 1;
        return select;
    }
}
