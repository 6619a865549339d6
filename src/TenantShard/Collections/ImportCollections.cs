using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Collections;

/// <summary>
/// Creates or changes several collections in one step, as an export lists them. With deleteMissing, collections and
/// fields that are not listed are deleted with their data; system ones stay. All or nothing.
/// </summary>
internal sealed class ImportCollections(JsonElement body, TimeProvider clock) : WriteCommand<bool>
{
    private const string Failure = "Failed to import collections.";
    private const string Member = "collections";

    public override bool Execute(WriteScope scope)
    {
        var errors = new FieldErrorTree();
        var json = new JsonObjectReader(body, errors);
        var list = json.List(Member);
        if (list is null || list.Value.GetArrayLength() == 0) errors.AddRequired(Member);
        else if (list.Value.GetArrayLength() > CollectionLimits.Collections)
            errors.AddLength(Member, 1, CollectionLimits.Collections);
        var deleteMissing = json.Flag("deleteMissing", false);
        errors.ThrowIfAny(Failure);

        var imported = Read(scope, list!.Value, deleteMissing);
        if (deleteMissing) DeleteMissing(scope, imported);
        SaveAll(scope, imported);
        return true;
    }

    private List<Collection> Read(WriteScope scope, JsonElement list, bool deleteMissing)
    {
        var errors = new FieldErrorTree();
        var imported = new List<Collection>(list.GetArrayLength());
        var now = StoredDate.Now(clock);
        foreach (var item in list.EnumerateArray())
        {
            var itemErrors = errors.At(Member).At(imported.Count);
            var json = new JsonObjectReader(item, itemErrors);
            var id = json.Text("id", "");
            var existing = scope.Schema.Find(id.Length > 0 ? id : json.Text("name", ""));
            var collection = existing is null
                ? CollectionInput.ReadNew(item, now, itemErrors)
                : WithKeptFields(CollectionInput.Merge(item, existing, now, itemErrors), existing, deleteMissing);
            if (collection.Id.Length == 0)
                collection = collection with
                {
                    Id = GeneratedId.ForCollection(CollectionJson.TypeName(collection.Type), collection.Name),
                };
            imported.Add(collection);
        }

        errors.ThrowIfAny(Failure);
        return imported;
    }

    private static Collection WithKeptFields(Collection imported, Collection existing, bool deleteMissing)
    {
        var fields = new List<Field>(imported.Fields);
        var systemCount = 0;
        foreach (var old in existing.Fields)
        {
            if ((deleteMissing && !old.IsSystem) || fields.Exists(field => field.Id == old.Id)) continue;
            var sameName = fields.FindIndex(field => field.Name == old.Name && field.Type == old.Type);
            // The imported field under another id: it takes over the column.
            if (sameName >= 0) fields[sameName] = fields[sameName] with { Id = old.Id };
            else if (old.IsSystem) fields.Insert(systemCount++, old);
            else fields.Add(old);
        }

        return imported with { Fields = fields };
    }

    private static void DeleteMissing(WriteScope scope, List<Collection> imported)
    {
        var kept = imported.Select(collection => collection.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var existing in scope.Schema.Collections.ToList())
            if (!existing.IsSystem && !kept.Contains(existing.Id))
                DeleteCollection.Delete(scope, existing, isIntegral: false);
    }

    // New tables come first, without what refers to others that may follow; then each is saved in full.
    private void SaveAll(WriteScope scope, List<Collection> imported)
    {
        foreach (var collection in imported.OrderBy(item => item.Type == CollectionType.View ? 1 : 0))
        {
            if (collection.Type == CollectionType.View || scope.Schema.FindById(collection.Id) is not null) continue;
            Save(scope, Bare(collection));
        }

        foreach (var collection in imported.OrderBy(item => item.Type == CollectionType.View ? 1 : 0))
            Save(scope, collection);
    }

    private void Save(WriteScope scope, Collection collection)
    {
        try
        {
            var save = new CollectionSave(scope, clock, Failure);
            if (scope.Schema.FindById(collection.Id) is { } existing) save.Update(existing, collection);
            else save.Create(collection);
        }
        catch (ApiException refusal) when (refusal.Status == 400)
        {
            // Says which of the many it was; the place inside it follows in the nested errors.
            var errors = new Dictionary<string, FieldError>(refusal.FieldErrors, StringComparer.Ordinal);
            throw ApiException.BadRequest(Failure, new Dictionary<string, FieldError>
            {
                [Member] = FieldError.Of(new Dictionary<string, FieldError>
                {
                    [collection.Name.Length > 0 ? collection.Name : collection.Id] = FieldError.Of(errors),
                }),
            });
        }
    }

    private static Collection Bare(Collection collection) => collection with
    {
        Fields = [.. collection.Fields.Where(field => field is not RelationField)],
        Indexes = [],
        ListRule = null,
        ViewRule = null,
        CreateRule = null,
        UpdateRule = null,
        DeleteRule = null,
        Options = collection.Type == CollectionType.Auth
            ? SystemCollections.ToOptions(new Auth.AuthOptions().WithFreshSecrets())
            : collection.Options,
    };
}
