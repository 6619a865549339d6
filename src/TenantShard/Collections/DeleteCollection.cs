using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Collections.Views;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Collections;

/// <summary>Deletes a collection with all its records. Refused while relations or views of others use it.</summary>
internal sealed class DeleteCollection(string idOrName) : WriteCommand<Collection>
{
    private const string Failure = "Failed to delete collection due to existing dependency.";

    public override Collection Execute(WriteScope scope)
    {
        var collection = scope.Schema.Find(idOrName) ?? throw ApiException.NotFound();
        if (collection.IsSystem)
            throw Refused("validation_collection_system", "System collections cannot be deleted.");
        var references = scope.Schema.Collections
            .Where(other => other.Id != collection.Id && RefersTo(other, collection))
            .Select(other => other.Name);
        RefuseWhenUsed("Relations of these collections refer to it", references);
        Delete(scope, collection, isIntegral: true);
        return collection;
    }

    /// <summary>
    /// Deletes without asking who refers to it; views are asked only when <paramref name="isIntegral"/>.
    /// </summary>
    internal static void Delete(WriteScope scope, Collection collection, bool isIntegral)
    {
        var connection = scope.Connection;
        connection.ForgetStatements();
        var readable = isIntegral
            ? ViewDefinitions.ReadAll(connection).FindAll(view => ViewDefinitions.IsValid(connection, view.Name))
            : [];
        connection.ForgetStatements();
        if (collection.Type == CollectionType.View) ViewDefinitions.Drop(connection, collection.Name);
        else RecordTable.Drop(connection, collection.Name);
        RefuseWhenUsed("These views read it", readable
            .Where(view => !string.Equals(view.Name, collection.Name, StringComparison.OrdinalIgnoreCase)
                && !ViewDefinitions.IsValid(connection, view.Name))
            .Select(view => view.Name));
        if (collection.Type == CollectionType.Auth) ForgetIdentities(connection, collection);
        if (collection.Type != CollectionType.View && collection.Fields.Any(static field => field is FileField))
            scope.RemoveFiles(FileKeys.FolderOf(collection.Id));
        CollectionRow.Delete(connection, collection.Id);
        scope.ReplaceSchema(scope.Schema.With(
            [.. scope.Schema.Collections.Where(other => other.Id != collection.Id)]));
    }

    private static bool RefersTo(Collection other, Collection collection) =>
        other.Type != CollectionType.View
        && other.Fields.Any(field => field is RelationField relation && relation.CollectionId == collection.Id);

    // A new collection of the same name would get the same id, and with it these.
    private static void ForgetIdentities(DatabaseConnection connection, Collection collection)
    {
        foreach (var table in (string[])[
            SystemCollections.ExternalAuths, SystemCollections.Mfas, SystemCollections.Otps,
            SystemCollections.AuthOrigins])
        {
            using var statement = connection.Prepare(
                $"DELETE FROM {SqlName.Quote(table)} WHERE collectionRef = ?1");
            statement.BindText(1, collection.Id);
            statement.Run();
        }
    }

    private static void RefuseWhenUsed(string why, IEnumerable<string> users)
    {
        var names = string.Join(", ", users);
        if (names.Length > 0) throw Refused("validation_collection_in_use", $"{why}: {names}.");
    }

    private static ApiException Refused(string code, string message) =>
        ApiException.BadField(Failure, "collection", code, message);
}
