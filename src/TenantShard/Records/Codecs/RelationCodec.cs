using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>
/// Ids of related records. That they exist is checked by the command, against the rows of its moment.
/// </summary>
internal sealed class RelationCodec(RelationField field) : ValueListCodec(field, field.IsMultiple)
{
    public RelationField Relation => @field;

    public override FieldError? Check(RecordValues values, int column)
    {
        var count = Count(values.Utf8(column));
        if (count == 0) return field.IsRequired ? FieldErrors.Required : null;
        if (count < field.MinSelect) return FieldErrors.TooFewValues(field.MinSelect);
        var max = Math.Max(1, field.MaxSelect);
        return count > max ? FieldErrors.TooManyValues(max) : null;
    }

    private int Count(ReadOnlySpan<byte> utf8) =>
        IsMultiple ? ValueList.ReadColumn(utf8).Count : utf8.IsEmpty ? 0 : 1;
}
