using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Validation;

/// <summary>
/// Checks a collection that is about to be saved against the schema it will stand in, and notes every mistake under
/// the member that has it.
/// </summary>
/// <param name="connection">The writer connection, for names that the database itself uses.</param>
/// <param name="schema">The other collections, and the one's former state.</param>
/// <param name="clock">The time of date macros in rules.</param>
internal sealed class CollectionValidator(DatabaseConnection connection, SchemaSnapshot schema, TimeProvider clock)
{
    private const int NameLengthMax = 255;
    private const int IdLengthMax = 100;

    /// <param name="collection">What will be saved, complete with the fields of its type.</param>
    /// <param name="original">What is saved now; null for a new collection.</param>
    /// <param name="errors">Takes the mistakes.</param>
    public void Check(Collection collection, Collection? original, FieldErrorTree errors)
    {
        CheckIdentity(collection, original, errors);
        CheckName(collection, original, errors);
        if (original is null && schema.Collections.Count >= CollectionLimits.Collections)
            errors.Add("name", "validation_too_many_collections",
                $"A tenant has at most {CollectionLimits.Collections} collections.");
        new FieldListValidator(schema, collection, original).Check(errors);
        // Rules are compiled against the fields, so those must be right first.
        if (errors.IsEmpty) new RuleValidator(schema, collection, original, clock).Check(errors);
        new IndexValidator(connection, collection, original).Check(errors);
        if (collection.Type == CollectionType.Auth)
            AuthOptionsValidator.Check(collection, AuthOptionsJson.Read(collection.Options), errors);
    }

    private void CheckIdentity(Collection collection, Collection? original, FieldErrorTree errors)
    {
        if (original is not null)
        {
            if (collection.Id != original.Id) errors.Add("id", "validation_values_mismatch", "Cannot be changed.");
            if (collection.IsSystem != original.IsSystem)
                errors.Add("system", "validation_collection_system_flag_change",
                    "System collection state cannot be changed.");
            return;
        }

        if (collection.Id.Length > IdLengthMax) errors.AddLength("id", 1, IdLengthMax);
        if (!NameRules.IsWord(collection.Id)) errors.AddInvalidFormat("id");
        else if (schema.Find(collection.Id) is not null)
            errors.Add("id", "validation_invalid_or_existing_id", "The model id is invalid or already exists.");
    }

    private void CheckName(Collection collection, Collection? original, FieldErrorTree errors)
    {
        var name = collection.Name;
        if (name.Length == 0)
            errors.AddRequired("name");
        else if (name.Length > NameLengthMax)
            errors.AddLength("name", 1, NameLengthMax);
        else if (NameRules.HasVia(name))
            errors.Add("name", "validation_found_via", "The value cannot contain \"_via_\".");
        else if (!NameRules.IsWord(name))
            errors.AddInvalidFormat("name");
        else if (original is { IsSystem: true } && original.Name != name)
            errors.Add("name", "validation_collection_system_name_change", "System collection name cannot be changed.");
        else
            CheckNameIsFree(collection, original, errors);
    }

    private void CheckNameIsFree(Collection collection, Collection? original, FieldErrorTree errors)
    {
        var name = collection.Name;
        if (original is not null && string.Equals(original.Name, name, StringComparison.OrdinalIgnoreCase)) return;
        if (schema.FindByName(name) is not null)
            errors.Add("name", "validation_collection_name_exists",
                "Collection name must be unique (case insensitive).");
        else if (schema.FindById(name) is not null)
            errors.Add("name", "validation_collection_name_id_duplicate",
                "The name must not match an existing collection id.");
        else if (NameRules.IsReservedTable(name) || DatabaseNames.HasTable(connection, name))
            errors.Add("name", "validation_collection_name_invalid",
                "The name shouldn't match with an existing internal table.");
    }
}
