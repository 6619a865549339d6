using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>True or false, stored as 1 or 0.</summary>
internal sealed class BoolCodec(BoolField field) : FieldCodec(field)
{
    public override bool IsText => false;

    public override FieldError? Cast(JsonElement value, RecordValues target, int column)
    {
        // PocketBase takes for false whatever is no truth value.
        var truth = value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.Number => value.TryGetDouble(out var number) && number != 0,
            JsonValueKind.String => TextCast.TryRead(value, out var text) && Parse(text),
            _ => false,
        };
        target.SetInteger(column, truth ? 1 : 0);
        return null;
    }

    public override void SetZero(RecordValues target, int column) => target.SetInteger(column, 0);

    public override FieldError? Check(RecordValues values, int column) =>
        field.IsRequired && values[column].Integer == 0 ? FieldErrors.Required : null;

    public override void Write(Utf8JsonWriter writer, ColumnValue value) => writer.WriteBooleanValue(IsTrue(value));

    public static bool IsTrue(ColumnValue value) => value.Type switch
    {
        ColumnType.Integer => value.Integer != 0,
        ColumnType.Text => value.Utf8 is [(byte)'1'] || value.Utf8.SequenceEqual("true"u8),
        _ => false,
    };

    /// <summary>The words for true that Go's strconv.ParseBool knows.</summary>
    private static bool Parse(string text) => text is "1" or "t" or "T" or "true" or "TRUE" or "True";
}
