using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.TenantShard.Collections.Json;

/// <summary>A collection as the API shows it: its options stand beside its own members, without any secret.</summary>
internal static class CollectionJson
{
    /// <summary>Only what JSON itself needs is escaped: the same text that other tools write.</summary>
    public static JsonWriterOptions WriterOptions { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter writer, Collection collection)
    {
        writer.WriteStartObject();
        writer.WriteString("id", collection.Id);
        writer.WriteString("listRule", collection.ListRule);
        writer.WriteString("viewRule", collection.ViewRule);
        writer.WriteString("createRule", collection.CreateRule);
        writer.WriteString("updateRule", collection.UpdateRule);
        writer.WriteString("deleteRule", collection.DeleteRule);
        writer.WriteString("name", collection.Name);
        writer.WriteString("type", TypeName(collection.Type));
        writer.WritePropertyName("fields");
        FieldJsonWriter.Write(writer, collection.Fields);
        writer.WriteStartArray("indexes");
        foreach (var index in collection.Indexes) writer.WriteStringValue(index);
        writer.WriteEndArray();
        writer.WriteString("created", collection.Created);
        writer.WriteString("updated", collection.Updated);
        writer.WriteBoolean("system", collection.IsSystem);
        if (collection.Type == CollectionType.Auth)
            AuthOptionsJson.WriteMembers(writer, AuthOptionsJson.Read(collection.Options), withSecrets: false);
        if (collection.Type == CollectionType.View)
            writer.WriteString("viewQuery", ViewOptions.Query(collection.Options));
        writer.WriteEndObject();
    }

    /// <summary>The UTF-8 JSON that <paramref name="write"/> writes.</summary>
    public static byte[] ToBytes<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions)) write(writer, state);
        return buffer.WrittenSpan.ToArray();
    }

    public static string TypeName(CollectionType type) => type switch
    {
        CollectionType.Auth => "auth",
        CollectionType.View => "view",
        _ => "base",
    };

    /// <summary>The type of that name, or null.</summary>
    public static CollectionType? TypeOf(string name) => name switch
    {
        "base" => CollectionType.Base,
        "auth" => CollectionType.Auth,
        "view" => CollectionType.View,
        _ => null,
    };
}
