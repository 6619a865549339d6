using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>One or several of the field's values.</summary>
internal sealed class SelectCodec(SelectField field) : FieldCodec(field)
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
        var selected = ValueList.ReadColumn(values.Utf8(column));
        if (selected.Count == 0) return field.IsRequired ? FieldErrors.Required : null;
        var max = Math.Max(1, field.MaxSelect);
        if (selected.Count > max) return FieldErrors.TooManyValues(max);
        foreach (var value in selected)
            if (!Allows(value)) return FieldErrors.UnknownValue(value);
        return null;
    }

    public override void Write(Utf8JsonWriter writer, ColumnValue value) =>
        ValueList.Write(writer, value.Utf8, field.IsMultiple);

    private bool Allows(string value)
    {
        foreach (var allowed in field.Values)
            if (allowed == value) return true;
        return false;
    }
}
