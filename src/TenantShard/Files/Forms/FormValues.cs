using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Platform.TenantShard.Files.Forms;

/// <summary>
/// The text parts of a form as the JSON object that they stand for: repeated names make arrays, literals become values,
/// and the members of each <c>@jsonPayload</c> part are members of the object.
/// </summary>
internal sealed class FormValues
{
    public const string PayloadName = "@jsonPayload";

    private readonly Dictionary<string, JsonElement> _payload = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _texts = new(StringComparer.Ordinal);

    public void Add(string name, string text)
    {
        if (_texts.TryGetValue(name, out var values)) values.Add(text);
        else _texts.Add(name, [text]);
    }

    /// <exception cref="JsonException">It is no JSON object.</exception>
    public void AddPayload(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("Must be an object.");
        foreach (var member in document.RootElement.EnumerateObject()) _payload[member.Name] = member.Value.Clone();
    }

    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach (var (name, value) in _payload)
        {
            if (_texts.ContainsKey(name)) continue;
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        foreach (var (name, values) in _texts)
        {
            writer.WritePropertyName(name);
            if (values.Count > 1) writer.WriteStartArray();
            foreach (var value in values) Write(writer, value);
            if (values.Count > 1) writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, string text)
    {
        if (text == "true") writer.WriteBooleanValue(true);
        else if (text == "false") writer.WriteBooleanValue(false);
        else if (IsNumber(text)) writer.WriteRawValue(text);
        else writer.WriteStringValue(text);
    }

    /// <summary>
    /// Only what prints again as it was sent: a leading zero, a trailing one or too many digits make a text.
    /// </summary>
    private static bool IsNumber(string text)
    {
        const int DigitsMax = 15; // what a double holds exactly
        if (text.Length is 0 or > DigitsMax || !(char.IsAsciiDigit(text[0]) || text[0] == '-')) return false;
        return double.TryParse(
                text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text;
    }
}
