using System.Text.Json;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Collections;

/// <summary>Creates a collection and its table or view.</summary>
/// <param name="body">The body of the request; the command keeps it, so it must not be pooled.</param>
/// <param name="clock">For the dates of the collection.</param>
internal sealed class CreateCollection(JsonElement body, TimeProvider clock) : WriteCommand<Collection>
{
    private const string Failure = "Failed to create collection.";

    public override Collection Execute(WriteScope scope)
    {
        var errors = new FieldErrorTree();
        var collection = CollectionInput.ReadNew(body, StoredDate.Now(clock), errors);
        errors.ThrowIfAny(Failure);
        return new CollectionSave(scope, clock, Failure).Create(collection);
    }
}
