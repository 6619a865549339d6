using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Requests;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>
/// Deletes one record and what follows from it (<see cref="ReferenceRemoval"/>). The answer is true when a record of an
/// auth collection was deleted, so that its tokens are forgotten.
/// </summary>
internal sealed class RemoveRecord(Collection collection, string id, RowFilter? rule) : WriteCommand<bool>
{
    public override bool Execute(WriteScope scope)
    {
        ApiContext.RequireSame(scope.Schema, collection, rule);
        if (!Exists(scope.Connection)) throw ApiException.NotFound();
        if (collection.Name == AuthIdentity.SuperusersName && IsLast(scope.Connection))
            throw ApiException.BadRequest("You can't delete the only existing superuser.");
        var removal = new ReferenceRemoval(scope);
        removal.Delete(collection, id);
        return removal.HasDeletedAuthRecord;
    }

    private bool Exists(DatabaseConnection connection)
    {
        var table = SqlName.Quote(collection.Name);
        var filter = rule is null ? "" : $" AND ({rule.Where})";
        using var row = connection.Prepare($"SELECT 1 FROM {table} WHERE {table}.\"id\" = ?1{filter}");
        row.BindText(1, id);
        rule?.Bind(row, 2);
        return row.Step();
    }

    private bool IsLast(DatabaseConnection connection)
    {
        using var row = connection.Prepare(
            $"SELECT 1 FROM {SqlName.Quote(collection.Name)} WHERE \"id\" != ?1 LIMIT 1");
        row.BindText(1, id);
        return !row.Step();
    }
}
