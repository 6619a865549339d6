using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>Reads one page of records, and how many there are, into a JSON buffer.</summary>
internal sealed class ListQuery(
    ApiContext context, Collection collection, ListParameters parameters, RowFilter? filter, JsonBuffer target)
{
    private const long Unknown = -1;

    /// <summary>Writes the page; the rows and the total are of one snapshot.</summary>
    public bool Write(ReadScope scope)
    {
        ApiContext.RequireSame(scope.Schema, collection, filter);
        var shape = CollectionPlan.For(collection).ShapeFor(context.IsSuperuser);
        using var rows = scope.Connection.Prepare(BuildSql(shape));
        var next = filter?.Bind(rows, 1) ?? 1;
        var offset = (parameters.Page - 1) * parameters.PerPage;
        rows.BindInt64(next, parameters.PerPage);
        rows.BindInt64(next + 1, offset);

        var writer = target.Writer;
        writer.WriteStartObject();
        writer.WriteStartArray("items"u8);
        var count = 0;
        // A full page is not stepped to its end: the open statement holds the snapshot for the count that follows.
        while (count < parameters.PerPage && rows.Step())
        {
            count++;
            shape.WriteOpen(writer, rows, RecordReader.SeesEmail(context, collection, shape, rows));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteTotals(parameters.SkipTotal ? Unknown : FindTotal(scope.Connection, offset, count));
        return true;
    }

    private string BuildSql(RecordShape shape) => filter is null
        ? string.Concat(shape.SelectSql, " LIMIT ? OFFSET ?")
        : string.Concat(shape.SelectSql, " WHERE (", filter.Where, ") LIMIT ? OFFSET ?");

    private long FindTotal(DatabaseConnection connection, long offset, int count)
    {
        // The last page tells the total by itself.
        if (count < parameters.PerPage && (count > 0 || offset == 0)) return offset + count;
        var table = SqlName.Quote(collection.Name);
        using var total = connection.Prepare(
            filter is null
                ? $"SELECT count(*) FROM {table}"
                : $"SELECT count(*) FROM {table} WHERE ({filter.Where})");
        filter?.Bind(total, 1);
        total.Step();
        return total.Int64(0);
    }

    private void WriteTotals(long total)
    {
        var writer = target.Writer;
        writer.WriteNumber("page"u8, parameters.Page);
        writer.WriteNumber("perPage"u8, parameters.PerPage);
        writer.WriteNumber("totalItems"u8, total);
        var pages = total == Unknown ? Unknown : (total + parameters.PerPage - 1) / parameters.PerPage;
        writer.WriteNumber("totalPages"u8, pages);
        writer.WriteEndObject();
    }
}
