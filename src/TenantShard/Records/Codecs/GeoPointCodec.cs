using System.Buffers;
using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>A point on earth, stored as <c>{"lon":0,"lat":0}</c>.</summary>
internal sealed class GeoPointCodec(GeoPointField field) : FieldCodec(field)
{
    private static ReadOnlySpan<byte> Zero => """{"lon":0,"lat":0}"""u8;

    public override FieldError? Cast(JsonElement value, RecordValues target, int column)
    {
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            SetZero(target, column);
            return null;
        }

        // Form data knows only text.
        if (value.ValueKind == JsonValueKind.String) return CastText(value, target, column);
        if (value.ValueKind != JsonValueKind.Object
            || !TryRead(value, "lon", 180, out var longitude)
            || !TryRead(value, "lat", 90, out var latitude)) return FieldErrors.WrongType;
        var buffer = new ArrayBufferWriter<byte>(48);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("lon"u8, longitude);
            writer.WriteNumber("lat"u8, latitude);
            writer.WriteEndObject();
        }

        target.SetText(column, buffer.WrittenSpan);
        return null;
    }

    public override void SetZero(RecordValues target, int column) => target.SetText(column, Zero);

    public override FieldError? Check(RecordValues values, int column) =>
        field.IsRequired && values.Utf8(column).SequenceEqual(Zero) ? FieldErrors.Required : null;

    public override void Write(Utf8JsonWriter writer, ColumnValue value) =>
        JsonCodec.WriteText(writer, value.Utf8.IsEmpty ? Zero : value.Utf8);

    private FieldError? CastText(JsonElement value, RecordValues target, int column)
    {
        if (!TextCast.TryRead(value, out var text)) return FieldErrors.WrongType;
        try
        {
            using var document = JsonDocument.Parse(text.Length == 0 ? "null" : text);
            return document.RootElement.ValueKind == JsonValueKind.String
                ? FieldErrors.WrongType
                : Cast(document.RootElement, target, column);
        }
        catch (JsonException)
        {
            return FieldErrors.WrongType;
        }
    }

    private static bool TryRead(JsonElement point, string name, double max, out double degrees)
    {
        degrees = 0;
        if (!point.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return true;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out degrees) && Math.Abs(degrees) <= max;
    }
}
