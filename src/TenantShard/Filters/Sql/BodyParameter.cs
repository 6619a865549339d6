using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Filters.Sql;

/// <summary><c>@request.body.*</c>: a value of the request's JSON, found by keys and array indexes.</summary>
internal sealed record BodyParameter(IReadOnlyList<string> Path, BodyUse Use) : ParameterSource
{
    private static readonly JsonWriterOptions StoredForm =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override SqlValue Resolve(in BindContext context)
    {
        var isPresent = TryFind(context.Request.Body, out var value);
        return Use switch
        {
            BodyUse.Presence => SqlValue.From(isPresent),
            BodyUse.Length => SqlValue.From((long)CountOf(isPresent, value)),
            BodyUse.Items => SqlValue.From(ItemsOf(isPresent, value)),
            _ => isPresent ? ToSql(value, Use == BodyUse.Number) : SqlValue.Null,
        };
    }

    private bool TryFind(JsonElement body, out JsonElement value)
    {
        value = body;
        foreach (var key in Path)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object when value.TryGetProperty(key, out var property):
                    value = property;
                    break;
                case JsonValueKind.Array
                    when int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    && index < value.GetArrayLength():
                    value = value[index];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static SqlValue ToSql(JsonElement value, bool asNumber)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                var text = value.GetString()!;
                return asNumber
                    && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
                    && double.IsFinite(parsed)
                    ? SqlValue.From(parsed)
                    : SqlValue.From(text);
            case JsonValueKind.Number:
                return value.TryGetDouble(out var number) ? SqlValue.From(number) : SqlValue.Null;
            case JsonValueKind.True:
            case JsonValueKind.False:
                return SqlValue.From(value.GetBoolean());
            case JsonValueKind.Object:
            case JsonValueKind.Array:
                return SqlValue.From(Compact(value));
            default:
                return SqlValue.Null;
        }
    }

    private static int CountOf(bool isPresent, JsonElement value) =>
        !isPresent || value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? 0
        : value.ValueKind == JsonValueKind.Array ? value.GetArrayLength()
        : 1;

    private static string ItemsOf(bool isPresent, JsonElement value) =>
        !isPresent || value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? "[]"
        : value.ValueKind == JsonValueKind.Array ? Compact(value)
        : "[" + Compact(value) + "]";

    /// <summary>The JSON without the blanks that the client may have sent, as stored values have none either.</summary>
    private static string Compact(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, StoredForm))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
