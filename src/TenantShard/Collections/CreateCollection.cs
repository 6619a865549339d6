using System.Text.Json;
using Platform.TenantShard.Collections.Indexes;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Collections.Validation;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Collections;

/// <summary>Creates a collection and its table from the body of a request.</summary>
internal sealed class CreateCollection(JsonElement body, DateTimeOffset now) : WriteCommand<Collection>
{
    private const string Failure = "Failed to create collection.";

    public override Collection Execute(WriteScope scope)
    {
        var errors = new FieldErrorTree();
        var collection = CollectionInput.ReadNew(body, StoredDate.Format(now), errors);
        errors.ThrowIfAny(Failure);
        return Save(scope, collection, Failure);
    }

    /// <summary>Completes, checks and stores a collection that does not exist yet.</summary>
    /// <exception cref="ApiException">400 with every mistake.</exception>
    internal static Collection Save(WriteScope scope, Collection collection, string failure)
    {
        if (collection.Id.Length == 0)
        {
            var id = GeneratedId.ForCollection(CollectionJson.TypeName(collection.Type), collection.Name);
            collection = collection with
            {
                Id = GeneratedId.MakeFree(id, taken => scope.Schema.FindById(taken) is not null),
            };
        }

        collection = IndexTables.Follow(DefaultFields.Complete(collection));
        var errors = new FieldErrorTree();
        new CollectionValidator(scope.Connection, scope.Schema).Check(collection, original: null, errors);
        errors.ThrowIfAny(failure);

        RecordTable.Create(scope.Connection, collection, failure);
        CollectionRow.Insert(scope.Connection, collection);
        scope.ReplaceSchema(scope.Schema.With([.. scope.Schema.Collections, collection]));
        return collection;
    }
}
