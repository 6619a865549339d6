using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>Reads one record by its id into a JSON buffer.</summary>
internal readonly struct RecordQuery(
    ApiContext context, Collection collection, string id, RowFilter? filter, RecordView view, JsonBuffer target)
{
    /// <summary>The record as it is to be seen, instead of as its row is now; null for the row.</summary>
    public RecordValues? State { get; init; }

    /// <summary>Writes the record's JSON; false when there is none that meets the filter.</summary>
    public bool Write(ReadScope scope)
    {
        ApiContext.RequireSame(scope.Schema, collection, filter);
        if (context.EmailAccessTo(collection).AsksRows && !ReferenceEquals(scope.Schema, context.Schema))
            throw new SchemaChangedException();
        var plan = CollectionPlan.For(collection);
        var sql = plan.ShapeFor(context.IsSuperuser).ViewSql;
        if (State is not null) sql = StatedRow.With(plan, isAlone: filter is null) + sql;
        if (filter is not null) sql = $"{sql} AND ({filter.Where})";
        using var row = scope.Connection.Prepare(sql);
        var next = Bind(row, plan);
        filter?.Bind(row, next);
        if (!row.Step()) return false;
        if (view.Expand is null) view.Write(target.Writer, collection, row, view.Fields);
        else WriteExpanded(scope, row);
        return true;
    }

    private int Bind(Statement row, CollectionPlan plan)
    {
        if (State is not null) return StatedRow.Bind(row, plan, State);
        row.BindText(1, id);
        return 2;
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
