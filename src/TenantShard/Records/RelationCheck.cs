using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Records.Codecs;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>
/// Checks that the records exist that a write newly refers to. Ids that were there before are left alone.
/// </summary>
internal static class RelationCheck
{
    /// <param name="scope">Where to look.</param>
    /// <param name="plan">The collection's plan.</param>
    /// <param name="values">What the record will be.</param>
    /// <param name="before">The record before; null when it is new.</param>
    /// <param name="errors">What is wrong already; such fields are left out. Null when nothing is.</param>
    /// <returns>The same with the fields whose records are missing; null when nothing is wrong.</returns>
    public static RecordErrors? Run(
        ReadScope scope, CollectionPlan plan, RecordValues values, RecordValues? before, RecordErrors? errors = null)
    {
        for (var column = 0; column < plan.Codecs.Length; column++)
        {
            if (plan.Codecs[column] is not RelationCodec codec || errors?.Has(codec.Field.Name) == true) continue;
            var utf8 = values.Utf8(column);
            if (utf8.IsEmpty || (before is not null && utf8.SequenceEqual(before.Utf8(column)))) continue;
            if (Exist(scope, codec.Relation, utf8, before is null ? default : before.Utf8(column))) continue;
            errors ??= new RecordErrors();
            errors.Add(codec.Field.Name, FieldErrors.MissingRelation);
        }

        return errors;
    }

    private static bool Exist(
        ReadScope scope, RelationField field, ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> before)
    {
        if (scope.Schema.FindById(field.CollectionId) is not { } related) return false;
        var table = SqlName.Quote(related.Name);
        return field.IsMultiple
            ? AllExist(scope.Connection, table, utf8, before)
            : OneExists(scope.Connection, table, utf8);
    }

    private static bool OneExists(DatabaseConnection connection, string table, ReadOnlySpan<byte> id)
    {
        using var row = connection.Prepare($"SELECT 1 FROM {table} WHERE \"id\" = ?1");
        row.BindText(1, id);
        return row.Step();
    }

    private static bool AllExist(
        DatabaseConnection connection, string table, ReadOnlySpan<byte> ids, ReadOnlySpan<byte> before)
    {
        using var missing = connection.Prepare(
            $"""
            SELECT 1 FROM json_each(?1) AS wanted
            WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE "id" = wanted.value)
              AND wanted.value NOT IN (SELECT value FROM json_each(?2))
            LIMIT 1
            """);
        missing.BindText(1, ids);
        missing.BindText(2, before.IsEmpty || before[0] != (byte)'[' ? "[]"u8 : before);
        return !missing.Step();
    }
}
