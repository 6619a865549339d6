using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Database;
using Platform.TenantShard.Filters;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;
using Platform.TenantShard.Sorting;

namespace Platform.TenantShard.Collections;

/// <summary>Reads one page of the collections themselves.</summary>
internal sealed class CollectionListQuery
{
    // What collections can be found and sorted by: plain columns of _collections.
    private static readonly Collection Columns = new()
    {
        Id = "_collections",
        Name = "_collections",
        Fields =
        [
            new TextField { Id = "id", Name = "id", IsPrimaryKey = true },
            new DateField { Id = "created", Name = "created" },
            new DateField { Id = "updated", Name = "updated" },
            new TextField { Id = "name", Name = "name" },
            new BoolField { Id = "system", Name = "system" },
            new TextField { Id = "type", Name = "type" },
        ],
        Created = "",
        Updated = "",
    };

    private readonly ListParameters _parameters;
    private readonly RowFilter? _filter;
    private readonly CompiledSort _sort;

    private CollectionListQuery(ListParameters parameters, RowFilter? filter, CompiledSort sort)
    {
        _parameters = parameters;
        _filter = filter;
        _sort = sort;
    }

    /// <exception cref="Errors.ApiException">400 for a filter or sort of anything else.</exception>
    public static CollectionListQuery Compile(ApiContext context, ListParameters parameters)
    {
        var filter = parameters.Filter.Length == 0 ? null : RowFilter.ForClient(context, Columns, parameters.Filter);
        var sort = SortCompiler.Compile(
            context.Schema, Columns, parameters.Sort, context.Request,
            FilterOptions.ForClient(context.Request, context.Shard.Clock));
        return new CollectionListQuery(parameters, filter, sort);
    }

    public CollectionPage Read(ReadScope scope)
    {
        var offset = (_parameters.Page - 1) * _parameters.PerPage;
        var where = _filter is null ? "" : $" WHERE ({_filter.Where})";
        var order = _sort.OrderBy.Length == 0 ? "" : $" ORDER BY {_sort.OrderBy}";
        using var rows = scope.Connection.Prepare(
            $"SELECT `_collections`.`id` FROM `_collections`{where}{order} LIMIT ? OFFSET ?");
        var next = _filter?.Bind(rows, 1) ?? 1;
        foreach (var parameter in _sort.Parameters) rows.Bind(next++, parameter);
        rows.BindInt64(next, _parameters.PerPage);
        rows.BindInt64(next + 1, offset);
        var collections = new List<Collection>();
        while (rows.Step())
            if (scope.Schema.FindById(rows.Text(0)) is { } collection) collections.Add(collection);
        var total = _parameters.SkipTotal ? CollectionPage.Unknown : Count(scope.Connection, where);
        return new CollectionPage(collections, _parameters.Page, _parameters.PerPage, total);
    }

    private long Count(DatabaseConnection connection, string where)
    {
        using var count = connection.Prepare($"SELECT count(*) FROM `_collections`{where}");
        _filter?.Bind(count, 1);
        count.Step();
        return count.Int64(0);
    }
}
