using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Events;
using Platform.TenantShard.Files;
using Platform.TenantShard.Records.Codecs;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>
/// Deletes records together with the references to them: a referring record is deleted when its field cascades and
/// loses its last value, is refused when its field is required, and otherwise only loses the value.
/// </summary>
internal sealed class ReferenceRemoval(WriteScope scope)
{
    /// <summary>Collections of what belongs to an auth record, by <c>collectionRef</c> and <c>recordRef</c>.</summary>
    private static readonly string[] AuthAttachments = ["_externalAuths", "_mfas", "_otps", "_authOrigins"];

    private readonly HashSet<(string Collection, string Id)> _deleted = [];
    private readonly Stack<(Collection Collection, string Id)> _pending = new();

    public bool HasDeletedAuthRecord { get; private set; }

    /// <summary>Deletes the record and, one after the other, all that cascades from it.</summary>
    public void Delete(Collection collection, string id)
    {
        Schedule(collection, id);
        while (_pending.TryPop(out var next))
        {
            var plan = CollectionPlan.For(next.Collection);
            if (HasFiles(plan, next.Id)) scope.RemoveFiles(FileKeys.FolderOf(next.Collection.Id, next.Id));
            if (scope.IsObserved && Read(plan, next.Id) is { } before) scope.Changed(RecordEvent.Deleted(plan, before));
            Execute(plan.DeleteSql, next.Id);
            if (next.Collection.Type == CollectionType.Auth) DeleteAttachments(next.Collection, next.Id);
            foreach (var other in scope.Schema.Collections) RemoveReferences(other, next.Collection, next.Id);
        }
    }

    private void Schedule(Collection collection, string id)
    {
        if (_deleted.Add((collection.Id, id))) _pending.Push((collection, id));
    }

    private void RemoveReferences(Collection other, Collection target, string id)
    {
        if (other.Type == CollectionType.View) return;
        foreach (var field in other.Fields)
        {
            if (field is not RelationField relation || relation.CollectionId != target.Id) continue;
            foreach (var (referrer, value) in FindReferrers(other, relation, id))
                if (!_deleted.Contains((other.Id, referrer))) RemoveReference(other, relation, referrer, value, id);
        }
    }

    private void RemoveReference(Collection other, RelationField field, string referrer, string value, string id)
    {
        var ids = ValueList.ReadColumn(System.Text.Encoding.UTF8.GetBytes(value));
        ids.Remove(id);
        if (ids.Count == 0 && field.CascadeDelete)
        {
            Schedule(other, referrer);
            return;
        }

        if (ids.Count == 0 && field.IsRequired) throw ApiException.BadRequest(DeleteRecord.Refusal);
        var values = new RecordValues(1, 64);
        ValueList.Store(ids, field.IsMultiple, values, 0);
        var name = SqlName.Quote(field.Name);
        var plan = CollectionPlan.For(other);
        var before = scope.IsObserved ? Read(plan, referrer) : null;
        using var update = scope.Connection.Prepare(
            $"UPDATE {SqlName.Quote(other.Name)} SET {name} = ?1 WHERE \"id\" = ?2");
        values.Bind(update, 1, 0);
        update.BindText(2, referrer);
        update.Run();
        if (before is not null && Read(plan, referrer) is { } after)
            scope.Changed(RecordEvent.Updated(plan, before, after));
    }

    private List<(string Id, string Value)> FindReferrers(Collection other, RelationField field, string id)
    {
        var (table, column) = (SqlName.Quote(other.Name), SqlName.Column(other.Name, field.Name));
        // instr is the cheap test that most rows fail; parsing the list is for those that pass it.
        var condition = field.IsMultiple
            ? $"instr({column}, ?1) > 0 AND json_valid({column})"
                + $" AND EXISTS (SELECT 1 FROM json_each({column}) AS item WHERE item.value = ?1)"
            : $"{column} = ?1";
        using var rows = scope.Connection.Prepare(
            $"SELECT {table}.\"id\", {column} FROM {table} WHERE {condition}");
        rows.BindText(1, id);
        var referrers = new List<(string, string)>();
        while (rows.Step()) referrers.Add((rows.Text(0), rows.Text(1)));
        return referrers;
    }

    private void DeleteAttachments(Collection collection, string id)
    {
        HasDeletedAuthRecord = true;
        foreach (var name in AuthAttachments)
        {
            if (scope.Schema.FindByName(name) is null) continue;
            ObservedRows.Delete(scope, name, "\"collectionRef\" = ?1 AND \"recordRef\" = ?2", collection.Id, id);
        }
    }

    private bool HasFiles(CollectionPlan plan, string id)
    {
        if (plan.FileColumns.Length == 0) return false;
        using var row = scope.Connection.Prepare(plan.Full.ViewSql);
        row.BindText(1, id);
        return row.Step() && RecordFiles.NamesOf(plan, plan.ReadRow(row)).Count > 0;
    }

    private RecordValues? Read(CollectionPlan plan, string id)
    {
        using var row = scope.Connection.Prepare(plan.Full.ViewSql);
        row.BindText(1, id);
        return row.Step() ? plan.ReadRow(row) : null;
    }

    private void Execute(string sql, string id)
    {
        using var statement = scope.Connection.Prepare(sql);
        statement.BindText(1, id);
        statement.Run();
    }
}
