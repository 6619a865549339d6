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

    // First, so that no index has the order, now or after a change of the schema: the whole result is sorted.
    private const string CountingTerm = $"{PassedRows.Sql}, ";

    /// <summary>Rows to step through at most: a page, or more to find the end of a short result.</summary>
    private int _rowsMax = parameters.PerPage;

    /// <summary>Writes the page; the rows and the total are of one snapshot.</summary>
    public bool Write(ReadScope scope)
    {
        // The SQL of filter and sort may name any collection.
        if (!ReferenceEquals(scope.Schema, context.Schema)) throw new SchemaChangedException();
        var shape = CollectionPlan.For(collection).ShapeFor(context.IsSuperuser);
        var sql = BuildSql(shape, isCounting: false);
        var hints = parameters.SkipTotal ? null : MatchHints.Of(scope.Connection);
        var isCounting = CanCount && SortPlans.SortsEverything(scope, sql, Bind);
        if (isCounting)
        {
            sql = BuildSql(shape, isCounting: true);
            scope.Connection.PassedRows.Count = 0;
        }
        else if (hints is not null && hints.ExpectsFew(sql))
        {
            _rowsMax = Math.Max(parameters.PerPage, MatchHints.FewRows + 1);
        }

        using var rows = scope.Connection.Prepare(sql);
        Bind(rows);

        var writer = target.Writer;
        writer.WriteStartObject();
        writer.WriteStartArray("items"u8);
        var count = view.Expand is null ? WriteRows(rows) : WriteExpanded(scope, rows);
        writer.WriteEndArray();
        var total = hints is null
            ? Unknown
            : FindTotal(scope.Connection, isCounting, CountRest(rows, count));
        hints?.Remember(sql, total);
        WriteTotals(total);
        return true;
    }

    /// <summary>A table's sorted result can be counted while it is sorted, which saves to look at every row twice.</summary>
    private bool CanCount =>
        !parameters.SkipTotal && sort.OrderBy.Length > 0 && collection.Type != CollectionType.View;

    private long Offset => (parameters.Page - 1) * parameters.PerPage;

    private void Bind(Statement rows)
    {
        var next = filter?.Bind(rows, 1) ?? 1;
        foreach (var value in sort.Parameters) rows.Bind(next++, value);
        rows.BindInt64(next, _rowsMax);
        rows.BindInt64(next + 1, Offset);
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

    private string BuildSql(RecordShape shape, bool isCounting)
    {
        var where = filter is null ? "" : $" WHERE ({filter.Where})";
        var orderBy = sort.OrderBy.Length == 0 ? "" : $" ORDER BY {(isCounting ? CountingTerm : "")}{sort.OrderBy}";
        return string.Concat(shape.SelectSql, where, orderBy, " LIMIT ? OFFSET ?");
    }

    private int CountRest(Statement rows, int count)
    {
        // A statement that has ended would begin again.
        if (count < parameters.PerPage) return count;
        while (count < _rowsMax && rows.Step()) count++;
        return count;
    }

    private long FindTotal(DatabaseConnection connection, bool isCounting, int count)
    {
        // The last page tells the total by itself, and so does a result that was stepped to its end.
        if (count < _rowsMax && (count > 0 || Offset == 0)) return Offset + count;
        if (isCounting) return connection.PassedRows.Count;
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
