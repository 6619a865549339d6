using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Database;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

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
    private readonly TableQuery _query;

    private LogListQuery(ListParameters parameters, TableQuery query) => (_parameters, _query) = (parameters, query);

    /// <exception cref="Errors.ApiException">400 for a mistake in filter or sort.</exception>
    public static LogListQuery Compile(ApiContext context, ListParameters parameters)
    {
        var terms = parameters.Sort.Split(',', StringSplitOptions.TrimEntries).Select(static term => term switch
        {
            "rowid" or "+rowid" => "@rowid",
            "-rowid" => "-@rowid",
            _ => term,
        });
        return new LogListQuery(
            parameters, TableQuery.Compile(context, Columns, parameters, string.Join(',', terms)));
    }

    public LogPage Read(DatabaseConnection connection)
    {
        var rows = _query.Read(
            connection, "`_logs`.`id`, `_logs`.`level`, `_logs`.`message`, `_logs`.`data`, `_logs`.`created`",
            static row => LogDatabase.Read(row, 0));
        return new LogPage(rows, _parameters.Page, _parameters.PerPage, _query.Count(connection));
    }

    /// <summary>How many there are in each hour that has any.</summary>
    public List<(string Hour, long Total)> ReadHours(DatabaseConnection connection)
    {
        using var select = _query.Select(
            connection, "strftime('%Y-%m-%d %H:00:00', `_logs`.`created`) AS hour, count(*)",
            " GROUP BY hour ORDER BY hour", out _);
        var hours = new List<(string, long)>();
        while (select.Step()) hours.Add((select.Text(0) + ".000Z", select.Int64(1)));
        return hours;
    }
}
