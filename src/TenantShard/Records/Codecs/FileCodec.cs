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
        // What the names stand for is checked by the command, which knows the files.
        var isEmpty = values.Utf8(column) is [] or [(byte)'[', (byte)']'];
        return isEmpty && field.IsRequired ? FieldErrors.Required : null;
    }

    public override void Write(Utf8JsonWriter writer, ColumnValue value) =>
        ValueList.Write(writer, value.Utf8, field.IsMultiple);
}
