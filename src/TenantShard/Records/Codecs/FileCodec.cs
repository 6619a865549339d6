using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>
/// Names of the record's files. JSON can only keep or remove names; files themselves come as form data.
/// </summary>
internal sealed class FileCodec(FileField field) : FieldCodec(field)
{
    public override FieldError? Cast(JsonElement value, RecordValues target, int column)
    {
        var values = new List<string>();
        if (ValueList.Read(value, values) is { } error) return error;
        ValueList.Store(values, field.IsMultiple, target, column);
        return null;
    }

    public override void SetZero(RecordValues target, int column) =>
        target.SetText(column, field.IsMultiple ? "[]"u8 : ""u8);

    public override FieldError? Check(RecordValues values, int column)
    {
        var names = ValueList.ReadColumn(values.Utf8(column));
        if (names.Count == 0) return field.IsRequired ? FieldErrors.Required : null;
        var max = Math.Max(1, field.MaxSelect);
        return names.Count > max ? FieldErrors.TooManyValues(max) : null;
    }

    public override void Write(Utf8JsonWriter writer, ColumnValue value) =>
        ValueList.Write(writer, value.Utf8, field.IsMultiple);
}
