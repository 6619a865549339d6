using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Database;
using Platform.TenantShard.Filters;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Sorting;

namespace Platform.TenantShard.Logs;

/// <summary>Finds entries by a filter.</summary>
internal sealed class LogListQuery
{
    // What entries can be found and sorted by.
    private static readonly Collection Columns = new()
    {
        Id = "_logs",
        Name = "_logs",
        Fields =
        [
            new TextField { Id = "id", Name = "id", IsPrimaryKey = true },
            new DateField { Id = "created", Name = "created" },
            new DateField { Id = "updated", Name = "updated" },
            new NumberField { Id = "level", Name = "level" },
            new TextField { Id = "message", Name = "message" },
            new JsonField { Id = "data", Name = "data" },
        ],
        Created = "",
        Updated = "",
    };

    private readonly ListParameters _parameters;
    private readonly RowFilter? _filter;
    private readonly CompiledSort _sort;

    private LogListQuery(ListParameters parameters, RowFilter? filter, CompiledSort sort) =>
        (_parameters, _filter, _sort) = (parameters, filter, sort);

    private string Where => _filter is null ? "" : $" WHERE ({_filter.Where})";

    /// <exception cref="Errors.ApiException">400 for a mistake in filter or sort.</exception>
    public static LogListQuery Compile(ApiContext context, ListParameters parameters)
    {
        var filter = parameters.Filter.Length == 0 ? null : RowFilter.ForClient(context, Columns, parameters.Filter);
        var terms = parameters.Sort.Split(',', StringSplitOptions.TrimEntries).Select(static term => term switch
        {
            "rowid" or "+rowid" => "@rowid",
            "-rowid" => "-@rowid",
            _ => term,
        });
        var sort = SortCompiler.Compile(
            context.Schema, Columns, string.Join(',', terms), context.Request,
            FilterOptions.ForClient(context.Request, context.Shard.Clock));
        return new LogListQuery(parameters, filter, sort);
    }

    public LogPage Read(DatabaseConnection connection)
    {
        var order = _sort.OrderBy.Length == 0 ? "" : $" ORDER BY {_sort.OrderBy}";
        using var select = connection.PrepareOnce($"""
            SELECT `_logs`.`id`, `_logs`.`level`, `_logs`.`message`, `_logs`.`data`, `_logs`.`created`
            FROM `_logs`{Where}{order} LIMIT ? OFFSET ?
            """);
        var next = _filter?.Bind(select, 1) ?? 1;
        foreach (var parameter in _sort.Parameters) select.Bind(next++, parameter);
        select.BindInt64(next, _parameters.PerPage);
        select.BindInt64(next + 1, (_parameters.Page - 1) * _parameters.PerPage);
        var rows = new List<LogRow>();
        while (select.Step()) rows.Add(LogDatabase.Read(select, 0));
        var total = _parameters.SkipTotal ? LogPage.Unknown : Count(connection);
        return new LogPage(rows, _parameters.Page, _parameters.PerPage, total);
    }

    /// <summary>How many there are in each hour that has any.</summary>
    public List<(string Hour, long Total)> ReadHours(DatabaseConnection connection)
    {
        using var select = connection.PrepareOnce($"""
            SELECT strftime('%Y-%m-%d %H:00:00', `_logs`.`created`) AS hour, count(*) FROM `_logs`{Where}
            GROUP BY hour ORDER BY hour
            """);
        _filter?.Bind(select, 1);
        var hours = new List<(string, long)>();
        while (select.Step()) hours.Add((select.Text(0) + ".000Z", select.Int64(1)));
        return hours;
    }

    private long Count(DatabaseConnection connection)
    {
        using var count = connection.PrepareOnce($"SELECT count(*) FROM `_logs`{Where}");
        _filter?.Bind(count, 1);
        count.Step();
        return count.Int64(0);
    }
}
