using System.Buffers;
using System.Text;
using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Database;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Files;

/// <summary>The files that come with one record: which field each is for, and the names they get in the body.</summary>
internal static class RecordFiles
{
    /// <summary>Of a form's files those that are for fields of the record which the sender may set.</summary>
    public static IReadOnlyList<UploadedFile> Select(
        CollectionPlan plan, IReadOnlyList<UploadedFile> files, bool isSuperuser)
    {
        if (files.Count == 0 || plan.FileColumns.Length == 0) return [];
        return
        [
            .. files.Where(file =>
                plan.FindFile(FieldOf(file.Key)) is { } field && (isSuperuser || !field.IsHidden)),
        ];
    }

    /// <summary>
    /// Of a batch's files those of one request, with the field's name as their key. <paramref name="prefix"/> is
    /// <c>requests.0.</c> or <c>requests[0].</c>.
    /// </summary>
    public static IEnumerable<UploadedFile> Under(string prefix, IReadOnlyList<UploadedFile> files) =>
        files.Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(file => file.WithKey(file.Key[prefix.Length..]));

    /// <summary>The body with the stored names of the files: after what it says of the same field.</summary>
    public static JsonElement Merge(JsonElement body, IReadOnlyList<UploadedFile> files)
    {
        if (files.Count == 0) return body;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (body.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in body.EnumerateObject())
                    if (!files.Any(file => file.Key == member.Name)) member.WriteTo(writer);
            }

            foreach (var group in files.GroupBy(static file => file.Key))
            {
                writer.WriteStartArray(group.Key);
                foreach (var name in NamesIn(body, group.Key)) writer.WriteStringValue(name);
                foreach (var file in group) writer.WriteStringValue(file.Name);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>All names of files that a record has.</summary>
    public static HashSet<string> NamesOf(CollectionPlan plan, RecordValues values)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in plan.FileColumns) names.UnionWith(ValueList.ReadColumn(values.Utf8(column)));
        return names;
    }

    /// <summary>The names of files that a record has; none when there is no such record or collection.</summary>
    public static HashSet<string> ReadNames(
        DatabaseConnection connection, SchemaSnapshot schema, string collectionId, string recordId)
    {
        if (schema.FindById(collectionId) is not { Type: not CollectionType.View } collection) return [];
        var plan = CollectionPlan.For(collection);
        if (plan.FileColumns.Length == 0) return [];
        using var row = connection.Prepare(plan.Full.ViewSql);
        row.BindText(1, recordId);
        return row.Step() ? NamesOf(plan, plan.ReadRow(row)) : [];
    }

    /// <summary>The keys of all files that a record has.</summary>
    public static HashSet<string> KeysOf(CollectionPlan plan, RecordValues values)
    {
        var id = Encoding.UTF8.GetString(values.Utf8(plan.IdColumn));
        return [.. NamesOf(plan, values).Select(name => FileKeys.Of(plan.Collection.Id, id, name))];
    }

    /// <summary>Counts the uploads that the record names now.</summary>
    public static void Count(
        WriteScope scope, CollectionPlan plan, RecordValues values, IReadOnlyList<UploadedFile> uploads)
    {
        var keys = KeysOf(plan, values);
        var id = Encoding.UTF8.GetString(values.Utf8(plan.IdColumn));
        foreach (var upload in uploads)
        {
            var key = FileKeys.Of(plan.Collection.Id, id, upload.Name);
            if (keys.Contains(key)) scope.AddFile(key, upload.Size);
        }
    }

    /// <summary>
    /// The most bytes that a form with a record of the collection may have beyond its text.
    /// </summary>
    public static long BytesMax(CollectionPlan plan)
    {
        var bytes = 0d;
        foreach (var column in plan.FileColumns)
        {
            var field = (FileField)plan.Codecs[column].Field;
            bytes += (double)SizeMax(field) * Math.Max(1, field.MaxSelect);
        }

        return (long)Math.Min(bytes, 1L << 50);
    }

    public static long SizeMax(FileField field) => field.MaxSize > 0 ? field.MaxSize : FileField.DefaultMaxSize;

    private static string FieldOf(string key) =>
        key.EndsWith('+') ? key[..^1] : key.StartsWith('+') ? key[1..] : key;

    private static List<string> NamesIn(JsonElement body, string key)
    {
        var names = new List<string>();
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty(key, out var value))
            _ = ValueList.Read(value, names);
        return names;
    }
}
