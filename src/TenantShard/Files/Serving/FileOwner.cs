using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Files.Serving;

/// <summary>
/// The record that a file of a request belongs to, and its field. Only a name that a record has leads to an object:
/// there is no path to traverse.
/// </summary>
internal sealed record FileOwner(FileField Field, FileReference File)
{
    /// <exception cref="ApiException">404: no record that meets the filter has the file.</exception>
    public static async Task<FileOwner> FindAsync(
        ApiContext context, Collection collection, string recordId, string name, RowFilter? filter) =>
        await context.Shard.ReadAsync(
            (collection, recordId, name, filter),
            static (scope, state) => Find(scope, state.collection, state.recordId, state.name, state.filter),
            context.Aborted)
        ?? throw ApiException.NotFound();

    private static FileOwner? Find(
        ReadScope scope, Collection collection, string recordId, string name, RowFilter? filter)
    {
        ApiContext.RequireSame(scope.Schema, collection, filter);
        var plan = CollectionPlan.For(collection);
        var sql = filter is null ? plan.Full.ViewSql : $"{plan.Full.ViewSql} AND ({filter.Where})";
        using var row = scope.Connection.Prepare(sql);
        row.BindText(1, recordId);
        filter?.Bind(row, 2);
        if (!row.Step()) return null;
        var values = plan.ReadRow(row);
        foreach (var column in plan.FileColumns)
        {
            if (!ValueList.ReadColumn(values.Utf8(column)).Contains(name)) continue;
            var field = (FileField)plan.Codecs[column].Field;
            return collection.Type == CollectionType.View
                ? FindOriginal(scope, field, name)
                : new FileOwner(field, new FileReference(collection.Id, values.Text(plan.IdColumn), name));
        }

        return null;
    }

    /// <summary>A view shows files of other records; names are random, so the one that has it is the one.</summary>
    private static FileOwner? FindOriginal(ReadScope scope, FileField shown, string name)
    {
        foreach (var collection in scope.Schema.Collections)
        {
            if (collection.Type == CollectionType.View) continue;
            foreach (var field in collection.Fields.OfType<FileField>())
                if (FindRecord(scope.Connection, collection, field, name) is { } id)
                    return new FileOwner(shown, new FileReference(collection.Id, id, name));
        }

        return null;
    }

    private static string? FindRecord(
        DatabaseConnection connection, Collection collection, FileField field, string name)
    {
        var (table, column) = (SqlName.Quote(collection.Name), SqlName.Column(collection.Name, field.Name));
        using var rows = connection.Prepare(
            $"SELECT {table}.\"id\", {column} FROM {table} WHERE instr({column}, ?1) > 0");
        rows.BindText(1, name);
        while (rows.Step())
        {
            var names = ValueList.ReadColumn(System.Text.Encoding.UTF8.GetBytes(rows.Text(1)));
            if (names.Contains(name)) return rows.Text(0);
        }

        return null;
    }
}
