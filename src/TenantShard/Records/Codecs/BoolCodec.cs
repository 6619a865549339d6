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
        bool? truth = value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined => false,
            JsonValueKind.Number => value.TryGetDouble(out var number) ? number != 0 : null,
            JsonValueKind.String when TextCast.TryRead(value, out var text) => Parse(text),
            _ => null,
        };
        if (truth is null) return FieldErrors.WrongType;
        target.SetInteger(column, truth.Value ? 1 : 0);
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

    /// <summary>The words that Go's strconv.ParseBool knows.</summary>
    private static bool? Parse(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "" or "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };
}
