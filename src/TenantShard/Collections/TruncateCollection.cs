using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Collections;

/// <summary>Deletes all records of a collection, with what follows from the deletion of each.</summary>
internal sealed class TruncateCollection(string id) : WriteCommand<long>
{
    /// <summary>The number of deleted records.</summary>
    public override long Execute(WriteScope scope)
    {
        var collection = scope.Schema.FindById(id) ?? throw ApiException.NotFound();
        if (collection.Type == CollectionType.View)
            throw ApiException.BadRequest(
                "View collections cannot be truncated since they don't store their own records.");
        if (collection.Name == SystemCollections.Superusers)
            throw ApiException.BadRequest("You can't delete the only existing superuser.");
        // Who listens hears of each record.
        return scope.IsObserved || IsReferred(scope.Schema, collection)
            ? DeleteEach(scope, collection)
            : DeleteAll(scope, collection);
    }

    private static bool IsReferred(SchemaSnapshot schema, Collection collection) =>
        collection.Type == CollectionType.Auth
        || schema.Collections.Any(other => other.Type != CollectionType.View
            && other.Fields.Any(field => field is RelationField relation && relation.CollectionId == collection.Id));

    private static long DeleteAll(WriteScope scope, Collection collection)
    {
        if (CollectionPlan.For(collection).FileColumns.Length > 0)
            scope.RemoveFiles(FileKeys.FolderOf(collection.Id));
        scope.Connection.Execute($"DELETE FROM {SqlName.Quote(collection.Name)}");
        return scope.Connection.Changes;
    }

    private static long DeleteEach(WriteScope scope, Collection collection)
    {
        var ids = new List<string>();
        using (var rows = scope.Connection.Prepare($"SELECT id FROM {SqlName.Quote(collection.Name)}"))
            while (rows.Step()) ids.Add(rows.Text(0));
        // One removal for all: references from records that are gone already do not stand in the way.
        var removal = new ReferenceRemoval(scope);
        foreach (var record in ids) removal.Delete(collection, record);
        return ids.Count;
    }
}
