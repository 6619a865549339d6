using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;
using Platform.TenantShard.Sorting;

namespace Platform.TenantShard.Records;

/// <summary>Reads one page of records, and how many there are, into a JSON buffer.</summary>
internal sealed class ListQuery(
    ApiContext context,
    Collection collection,
    ListParameters parameters,
    RowFilter? filter,
    CompiledSort sort,
    RecordView view,
    JsonBuffer target)
{
    private const long Unknown = -1;

    /// <summary>Writes the page; the rows and the total are of one snapshot.</summary>
    public bool Write(ReadScope scope)
    {
        // The SQL of filter and sort may name any collection.
        if (!ReferenceEquals(scope.Schema, context.Schema)) throw new SchemaChangedException();
        var shape = CollectionPlan.For(collection).ShapeFor(context.IsSuperuser);
        var sql = BuildSql(shape);
        var hints = parameters.SkipTotal ? null : MatchHints.Of(scope.Connection);
        var rowsMax = hints is not null && hints.ExpectsFew(sql)
            ? Math.Max(parameters.PerPage, MatchHints.FewRows + 1)
            : parameters.PerPage;
        using var rows = scope.Connection.Prepare(sql);
        var next = filter?.Bind(rows, 1) ?? 1;
        foreach (var value in sort.Parameters) rows.Bind(next++, value);
        var offset = (parameters.Page - 1) * parameters.PerPage;
        rows.BindInt64(next, rowsMax);
        rows.BindInt64(next + 1, offset);

        var writer = target.Writer;
        writer.WriteStartObject();
        writer.WriteStartArray("items"u8);
        var count = view.Expand is null ? WriteRows(rows) : WriteExpanded(scope, rows);
        writer.WriteEndArray();
        var total = hints is null
            ? Unknown
            : FindTotal(scope.Connection, offset, CountRest(rows, count, rowsMax), rowsMax);
        hints?.Remember(sql, total);
        WriteTotals(total);
        return true;
    }

    /// <summary>
    /// A full page is not stepped to its end: the open statement holds the snapshot for the count that follows.
    /// </summary>
    private int WriteRows(Statement rows)
    {
        var count = 0;
        for (; count < parameters.PerPage && rows.Step(); count++)
            view.Write(target.Writer, collection, rows, view.Fields);
        return count;
    }

    private int WriteExpanded(ReadScope scope, Statement rows)
    {
        var page = view.NewPage(collection, out var expanding);
        using (expanding)
        {
            while (page.Count < parameters.PerPage && rows.Step()) page.Add(rows);
            page.Load(scope);
            for (var record = 0; record < page.Count; record++) page.Write(target.Writer, record);
            return page.Count;
        }
    }

    private string BuildSql(RecordShape shape)
    {
        var where = filter is null ? "" : $" WHERE ({filter.Where})";
        var orderBy = sort.OrderBy.Length == 0 ? "" : $" ORDER BY {sort.OrderBy}";
        return string.Concat(shape.SelectSql, where, orderBy, " LIMIT ? OFFSET ?");
    }

    private int CountRest(Statement rows, int count, int rowsMax)
    {
        // A statement that has ended would begin again.
        if (count < parameters.PerPage) return count;
        while (count < rowsMax && rows.Step()) count++;
        return count;
    }

    private long FindTotal(DatabaseConnection connection, long offset, int count, int rowsMax)
    {
        // The last page tells the total by itself, and so does a result that was stepped to its end.
        if (count < rowsMax && (count > 0 || offset == 0)) return offset + count;
        var table = SqlName.Quote(collection.Name);
        var where = filter is null ? "" : $" WHERE ({filter.Where})";
        return TotalCache.Count(connection, $"SELECT count(*) FROM {table}{where}", filter);
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
