using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>One or several of the field's values.</summary>
internal sealed class SelectCodec(SelectField field) : ValueListCodec(field, field.IsMultiple)
{
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

    private bool Allows(string value)
    {
        foreach (var allowed in field.Values)
            if (allowed == value) return true;
        return false;
    }
}
