using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>Reads one record by its id into a JSON buffer.</summary>
internal readonly struct RecordQuery(
    ApiContext context, Collection collection, string id, RowFilter? filter, RecordView view, JsonBuffer target)
{
    /// <summary>Writes the record's JSON; false when there is none that meets the filter.</summary>
    public bool Write(ReadScope scope)
    {
        ApiContext.RequireSame(scope.Schema, collection, filter);
        if (context.EmailAccessTo(collection).AsksRows && !ReferenceEquals(scope.Schema, context.Schema))
            throw new SchemaChangedException();
        var shape = CollectionPlan.For(collection).ShapeFor(context.IsSuperuser);
        var sql = filter is null ? shape.ViewSql : $"{shape.ViewSql} AND ({filter.Where})";
        using var row = scope.Connection.Prepare(sql);
        row.BindText(1, id);
        filter?.Bind(row, 2);
        if (!row.Step()) return false;
        if (view.Expand is null) view.Write(target.Writer, collection, row, view.Fields);
        else WriteExpanded(scope, row);
        return true;
    }

    private void WriteExpanded(ReadScope scope, Statement row)
    {
        if (!ReferenceEquals(scope.Schema, context.Schema)) throw new SchemaChangedException();
        var page = view.NewPage(collection, out var expanding);
        using (expanding)
        {
            page.Add(row);
            page.Load(scope);
            page.Write(target.Writer, 0);
        }
    }
}
