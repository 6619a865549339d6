using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>
/// Ids of related records. That they exist is checked by the command, against the rows of its moment.
/// </summary>
internal sealed class RelationCodec(RelationField field) : FieldCodec(field)
{
    public RelationField Relation => @field;

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
        var count = Count(values.Utf8(column));
        if (count == 0) return field.IsRequired ? FieldErrors.Required : null;
        if (count < field.MinSelect) return FieldErrors.TooFewValues(field.MinSelect);
        var max = Math.Max(1, field.MaxSelect);
        return count > max ? FieldErrors.TooManyValues(max) : null;
    }

    public override void Write(Utf8JsonWriter writer, ColumnValue value) =>
        ValueList.Write(writer, value.Utf8, field.IsMultiple);

    private int Count(ReadOnlySpan<byte> utf8) =>
        field.IsMultiple ? ValueList.ReadColumn(utf8).Count : utf8.IsEmpty ? 0 : 1;
}
