using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Collections.Indexes;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Collections.Validation;
using Platform.TenantShard.Collections.Views;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Collections;

/// <summary>
/// Completes, checks and stores a collection: its row, its table or view, and the schema that later commands see. Runs
/// in the savepoint of a command, so that a refusal at any step leaves nothing behind.
/// </summary>
/// <param name="scope">The command's scope.</param>
/// <param name="clock">The time of date macros in rules.</param>
/// <param name="failure">The message of a refusal; the mistakes are in its data.</param>
internal sealed class CollectionSave(WriteScope scope, TimeProvider clock, string failure)
{
    /// <exception cref="ApiException">400 with every mistake.</exception>
    public Collection Create(Collection collection)
    {
        collection = Complete(WithId(collection), original: null);
        Check(collection, original: null);
        if (collection.Type == CollectionType.View) RecordView.Create(scope.Connection, collection);
        else RecordTable.Create(scope.Connection, collection, failure);
        CollectionRow.Insert(scope.Connection, collection);
        scope.ReplaceSchema(scope.Schema.With([.. scope.Schema.Collections, collection]));
        return collection;
    }

    /// <exception cref="ApiException">400 with every mistake.</exception>
    public Collection Update(Collection original, Collection collection)
    {
        collection = Complete(collection, original);
        Check(collection, original);
        scope.Connection.ForgetStatements();
        if (collection.Type == CollectionType.View) RecordView.Replace(scope.Connection, original, collection);
        else new TableChange(scope.Connection, original, collection, failure).Apply();
        CollectionRow.Update(scope.Connection, collection);
        scope.ReplaceSchema(scope.Schema.With(
            [.. scope.Schema.Collections.Select(other => other.Id == collection.Id ? collection : other)]));
        ViewRefresh.Run(scope, collection);
        return collection;
    }

    private Collection WithId(Collection collection)
    {
        if (collection.Id.Length > 0) return collection;
        var id = GeneratedId.ForCollection(CollectionJson.TypeName(collection.Type), collection.Name);
        return collection with
        {
            Id = GeneratedId.MakeFree(id, taken => scope.Schema.FindById(taken) is not null),
        };
    }

    private Collection Complete(Collection collection, Collection? original)
    {
        if (collection.Type == CollectionType.View) return WithViewFields(collection);
        collection = DefaultFields.Complete(collection);
        if (original is not null) collection = IndexFields.Follow(original, collection);
        collection = IndexTables.Follow(collection);
        return collection.Type == CollectionType.Auth ? WithAuthOptions(collection, original) : collection;
    }

    private void Check(Collection collection, Collection? original)
    {
        var errors = new FieldErrorTree();
        new CollectionValidator(scope.Connection, scope.Schema, clock).Check(collection, original, errors);
        errors.ThrowIfAny(failure);
    }

    private Collection WithViewFields(Collection collection)
    {
        var query = ViewOptions.Query(collection.Options);
        var errors = new FieldErrorTree();
        var fields = new ViewFields(scope.Connection, scope.Schema).Derive(query, errors);
        errors.ThrowIfAny(failure);
        return collection with { Fields = fields };
    }

    private static Collection WithAuthOptions(Collection collection, Collection? original)
    {
        var options = AuthOptionsJson.Read(collection.Options);
        var complete = options with
        {
            OAuth2 = options.OAuth2 with { MappedFields = OnlyPresent(options.OAuth2.MappedFields, collection) },
        };
        // Who may log in has changed: tokens that were given under the old rule must not live on.
        if (original is not null && AuthOptionsJson.Read(original.Options).AuthRule != complete.AuthRule)
            complete = complete with { AuthToken = complete.AuthToken with { Secret = TokenSecret.New() } };
        return complete == options ? collection : collection with { Options = SystemCollections.ToOptions(complete) };
    }

    private static OAuth2MappedFields OnlyPresent(OAuth2MappedFields mapped, Collection collection)
    {
        string Keep(string name) => name.Length > 0 && collection.FindField(name)?.Name == name ? name : "";
        return new OAuth2MappedFields(
            Keep(mapped.Id), Keep(mapped.Name), Keep(mapped.Username), Keep(mapped.AvatarUrl));
    }
}
