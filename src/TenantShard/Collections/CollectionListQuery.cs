using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

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
    private readonly TableQuery _query;

    private CollectionListQuery(ListParameters parameters, TableQuery query) =>
        (_parameters, _query) = (parameters, query);

    /// <exception cref="Errors.ApiException">400 for a filter or sort of anything else.</exception>
    public static CollectionListQuery Compile(ApiContext context, ListParameters parameters) =>
        new(parameters, TableQuery.Compile(context, Columns, parameters, parameters.Sort));

    public CollectionPage Read(ReadScope scope)
    {
        var ids = _query.Read(scope.Connection, "`_collections`.`id`", static row => row.Text(0));
        var collections = ids.Select(scope.Schema.FindById).OfType<Collection>().ToList();
        return new CollectionPage(
            collections, _parameters.Page, _parameters.PerPage, _query.Count(scope.Connection));
    }
}
