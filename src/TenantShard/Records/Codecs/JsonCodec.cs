using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>Any JSON value, stored as its text; the column's affinity may turn a number into one.</summary>
internal sealed class JsonCodec(JsonField field) : FieldCodec(field)
{
    public override bool IsText => false;

    public override FieldError? Cast(JsonElement value, RecordValues target, int column)
    {
        var max = field.MaxSize > 0 ? field.MaxSize : JsonField.DefaultMaxSize;
        var raw = value.ValueKind == JsonValueKind.Undefined ? "null"u8 : JsonMarshal.GetRawUtf8Value(value);
        if (raw.Length > max) return FieldErrors.JsonSize(max);
        if (!Utf8.IsValid(raw)) return FieldErrors.Json;
        if (value.ValueKind == JsonValueKind.String && IsJsonInText(value, out var json)) target.SetText(column, json);
        else target.SetText(column, raw);
        return null;
    }

    public override void SetZero(RecordValues target, int column) => target.SetText(column, "null"u8);

    public override FieldError? Check(RecordValues values, int column) =>
        field.IsRequired && IsZero(values[column]) ? FieldErrors.Required : null;

    public override void Write(Utf8JsonWriter writer, ColumnValue value)
    {
        switch (value.Type)
        {
            case ColumnType.Integer: writer.WriteNumberValue(value.Integer); break;
            case ColumnType.Real: writer.WriteNumberValue(NumberCodec.Read(value)); break;
            case ColumnType.Text: WriteText(writer, value.Utf8); break;
            default: writer.WriteNullValue(); break;
        }
    }

    /// <summary>Writes stored JSON; text of an imported database that is none is shown as a string.</summary>
    public static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            writer.WriteNullValue();
        }
        else if (IsJson(json))
        {
            writer.WriteRawValue(json, skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(json);
        }
    }

    /// <summary>True for a stored JSON object or array.</summary>
    public static bool IsContainer(ColumnValue value) =>
        value.Type == ColumnType.Text && value.Utf8 is [(byte)'{' or (byte)'[', ..] && IsJson(value.Utf8);

    /// <summary>
    /// Form data knows only text, so PocketBase takes a text that is itself a literal, a number, a list or an object
    /// for that value, in JSON bodies too.
    /// </summary>
    private static bool IsJsonInText(JsonElement value, out string json)
    {
        if (!TextCast.TryRead(value, out json) || json.Length == 0) return false;
        if (json is "null" or "true" or "false") return true;
        return (char.IsAsciiDigit(json[0]) || json[0] is '-' or '"' or '[' or '{')
            && IsJson(Encoding.UTF8.GetBytes(json));
    }

    private static bool IsJson(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsZero(ColumnValue value) =>
        value.IsNull || (value.Type == ColumnType.Text && IsZero(value.Utf8));

    private static bool IsZero(ReadOnlySpan<byte> json) =>
        json.IsEmpty || json.SequenceEqual("null"u8) || json.SequenceEqual("\"\""u8)
            || json.SequenceEqual("[]"u8) || json.SequenceEqual("{}"u8);
}
