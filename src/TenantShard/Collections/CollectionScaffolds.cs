using System.Security.Cryptography;
using System.Text.Json;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Collections.Json;

namespace Platform.TenantShard.Collections;

/// <summary>Blank collections of each type, from which user interfaces start.</summary>
internal static class CollectionScaffolds
{
    // Part of the names of the default indexes, which must be unique in the database.
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    public static IReadOnlyList<Collection> New()
    {
        var id = "_pbc_" + RandomNumberGenerator.GetString(Alphabet, 10);
        return
        [
            Blank(id, CollectionType.Auth, SystemCollections.ToOptions(new AuthOptions())),
            Blank(id, CollectionType.Base, StoredJson.EmptyObject),
            Blank(id, CollectionType.View, ViewOptions.ToOptions("")),
        ];
    }

    /// <summary>An object with a member for each type.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<Collection> scaffolds)
    {
        writer.WriteStartObject();
        foreach (var scaffold in scaffolds)
        {
            writer.WritePropertyName(CollectionJson.TypeName(scaffold.Type));
            CollectionJson.Write(writer, scaffold);
        }

        writer.WriteEndObject();
    }

    private static Collection Blank(string id, CollectionType type, JsonElement options)
    {
        var blank = new Collection
        {
            Id = id,
            Name = "",
            Type = type,
            Fields = [],
            Options = options,
            Created = "",
            Updated = "",
        };
        return DefaultFields.Complete(blank) with { Id = "" };
    }
}
