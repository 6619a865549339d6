using System.Buffers;
using System.Text.Json;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>
/// The values of a select, relation or file field: a column of text when single, of a JSON array when multiple.
/// Empty and repeated values are dropped, the order is kept.
/// </summary>
internal static class ValueList
{
    /// <summary>Values that one request may send to a field; more than any field's own limit of use.</summary>
    private const int CountMax = 10_000;

    /// <summary>
    /// Reads a string, a list of them, or a string that holds such a list. Numbers and booleans count as their text;
    /// objects, and lists in the list, are no values.
    /// </summary>
    public static FieldError? Read(JsonElement value, List<string> values)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                return ReadArray(value, values);
            case JsonValueKind.String when TextCast.TryRead(value, out var text):
                if (text.StartsWith('[') && TryReadStored(text, values)) return null;
                Add(values, text);
                return null;
            case JsonValueKind.String:
                return FieldErrors.WrongType;
            default:
                if (IsLiteral(value)) Add(values, ToText(value));
                return null;
        }
    }

    /// <summary>Reads a stored column of either form.</summary>
    public static List<string> ReadColumn(ReadOnlySpan<byte> utf8)
    {
        var values = new List<string>();
        if (utf8.IsEmpty) return values;
        var text = System.Text.Encoding.UTF8.GetString(utf8);
        if (!(text[0] == '[' && TryReadStored(text, values))) Add(values, text);
        return values;
    }

    /// <summary>Stores the values; a single field takes the last, as PocketBase does.</summary>
    public static void Store(List<string> values, bool isMultiple, RecordValues target, int column)
    {
        if (!isMultiple)
        {
            target.SetText(column, values.Count == 0 ? "" : values[^1]);
            return;
        }

        if (values.Count == 0)
        {
            target.SetText(column, "[]"u8);
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(values.Count * 20);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var value in values) writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        target.SetText(column, buffer.WrittenSpan);
    }

    /// <summary>Writes a stored column: a string, or an array.</summary>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> utf8, bool isMultiple)
    {
        if (!isMultiple)
        {
            writer.WriteStringValue(utf8);
        }
        else if (utf8.IsEmpty)
        {
            writer.WriteRawValue("[]"u8, skipInputValidation: true);
        }
        else if (utf8[0] == (byte)'[')
        {
            JsonCodec.WriteText(writer, utf8);
        }
        else
        {
            // The field was single when this row was written.
            writer.WriteStartArray();
            writer.WriteStringValue(utf8);
            writer.WriteEndArray();
        }
    }

    public static void Add(List<string> values, string value)
    {
        if (value.Length > 0 && !values.Contains(value)) values.Add(value);
    }

    private static FieldError? ReadArray(JsonElement array, List<string> values)
    {
        if (array.GetArrayLength() > CountMax) return FieldErrors.TooManyValues(CountMax);
        foreach (var item in array.EnumerateArray())
        {
            if (IsLiteral(item)) Add(values, ToText(item));
            if (item.ValueKind != JsonValueKind.String) continue;
            if (!TextCast.TryRead(item, out var text)) return FieldErrors.WrongType;
            Add(values, text);
        }

        return null;
    }

    private static bool IsLiteral(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

    private static string ToText(JsonElement literal) => literal.ValueKind == JsonValueKind.Number
        ? NumberText.FromJson(literal.GetRawText())
        : literal.GetRawText();

    private static bool TryReadStored(string text, List<string> values)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var read = new List<string>();
            foreach (var item in document.RootElement.EnumerateArray())
                if (item.ValueKind != JsonValueKind.String) return false;
            if (ReadArray(document.RootElement, read) is not null) return false;
            foreach (var value in read) Add(values, value);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
