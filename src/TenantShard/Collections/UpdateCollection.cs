using System.Text.Json;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Collections;

/// <summary>Changes a collection, and its table so that the records keep their data.</summary>
/// <param name="idOrName">The collection.</param>
/// <param name="body">The body of the request; the command keeps it, so it must not be pooled.</param>
/// <param name="clock">For the date of the change.</param>
internal sealed class UpdateCollection(string idOrName, JsonElement body, TimeProvider clock)
    : WriteCommand<Collection>
{
    private const string Failure = "Failed to update collection.";

    public override Collection Execute(WriteScope scope)
    {
        var original = scope.Schema.Find(idOrName) ?? throw ApiException.NotFound();
        var errors = new FieldErrorTree();
        var collection = CollectionInput.Merge(body, original, StoredDate.Now(clock), errors);
        var type = new JsonObjectReader(body, errors).Text("type", "");
        if (type.Length > 0 && type != CollectionJson.TypeName(original.Type))
            errors.Add("type", "validation_collection_type_change", "Collection type cannot be changed.");
        errors.ThrowIfAny(Failure);
        return new CollectionSave(scope, clock, Failure).Update(original, collection);
    }
}
