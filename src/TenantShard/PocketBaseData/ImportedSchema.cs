using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Indexes;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Collections.Validation;
using Platform.TenantShard.Collections.Views;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// The collections of the upload as a tenant has them: complete, with the system's own that are missing, and checked
/// by the rules that the API checks them by.
/// </summary>
internal static class ImportedSchema
{
    /// <summary>Shorter ones cannot be what PocketBase made: anybody could guess them.</summary>
    private const int SecretLengthMin = 30;

    public static IReadOnlyList<SourceCollection> Complete(
        IReadOnlyList<SourceCollection> uploaded, string now, ImportNotes notes)
    {
        var completed = new List<SourceCollection>(uploaded.Count + 6);
        foreach (var source in uploaded)
        {
            var collection = IndexTables.Follow(DefaultFields.Complete(source.Collection));
            if (collection.Type == CollectionType.Auth) collection = WithSecrets(collection, notes);
            completed.Add(source with { Collection = collection });
        }

        foreach (var system in SystemCollections.New(now))
        {
            if (!system.IsSystem || completed.Exists(known => known.Collection.Name == system.Name)) continue;
            var collection = system.Type == CollectionType.Auth ? WithSecrets(system, new ImportNotes()) : system;
            completed.Add(new SourceCollection { Collection = collection, Table = null });
        }

        return completed;
    }

    /// <summary>Notes everything that the API would refuse about them.</summary>
    public static void Check(IReadOnlyList<SourceCollection> collections, TimeProvider clock, ImportNotes notes)
    {
        if (FindTwins(collections, notes)) return;
        // Names that the database itself uses are those of a database without any collection.
        using var blank = DatabaseConnection.Open(":memory:", new ConnectionOptions(IsReadOnly: false));
        blank.Execute(TemplateImage.Tables);
        var all = collections.Select(source => source.Collection).ToList();
        foreach (var collection in all)
        {
            var errors = new FieldErrorTree();
            var others = new SchemaSnapshot(1, [.. all.Where(other => other != collection)]);
            new CollectionValidator(blank, others, clock).Check(collection, original: null, errors);
            if (collection.Type == CollectionType.View && ViewQuery.Parse(
                ViewOptions.Query(collection.Options), out var problem) is null)
                errors.Add("viewQuery", "validation_invalid_view_query", $"Invalid query - {problem}.");
            if (!errors.IsEmpty) notes.Refuse(collection, errors);
        }
    }

    /// <summary>Two of one id or name make no schema at all.</summary>
    private static bool FindTwins(IReadOnlyList<SourceCollection> collections, ImportNotes notes)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var found = false;
        foreach (var source in collections)
        {
            var isNew = names.Add(source.Collection.Name) & ids.Add(source.Collection.Id);
            if (isNew) continue;
            found = true;
            notes.Refuse(
                $"{SourceDatabase.Name}/{source.Collection.Name}", "validation_collection_name_exists",
                "Another collection has this name or id.");
        }

        return found;
    }

    private static Collection WithSecrets(Collection collection, ImportNotes notes)
    {
        var options = AuthOptionsJson.Read(collection.Options);
        var replaced = 0;
        TokenOptions Ensure(TokenOptions token)
        {
            if (token.Secret.Length >= SecretLengthMin) return token;
            replaced += token.Secret.Length > 0 ? 1 : 0;
            return token with { Secret = TokenSecret.New() };
        }

        var secured = options with
        {
            AuthToken = Ensure(options.AuthToken),
            PasswordResetToken = Ensure(options.PasswordResetToken),
            EmailChangeToken = Ensure(options.EmailChangeToken),
            VerificationToken = Ensure(options.VerificationToken),
            FileToken = Ensure(options.FileToken),
        };
        if (replaced > 0)
            notes.Warn(
                $"{replaced} token secrets of the collection '{collection.Name}' are shorter than {SecretLengthMin} "
                + "characters and were renewed: tokens signed with them are void.");
        return secured == options
            ? collection
            : collection with { Options = SystemCollections.ToOptions(secured) };
    }

    /// <summary>True when both show the same: ids of a view's fields mean nothing to anybody.</summary>
    public static bool AreAlike(IReadOnlyList<Field> one, IReadOnlyList<Field> other) =>
        one.Count == other.Count
        && one.Zip(other).All(pair => pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type);
}
