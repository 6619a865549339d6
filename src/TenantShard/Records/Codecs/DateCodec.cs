using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>A moment or nothing.</summary>
internal sealed class DateCodec(DateField field) : FieldCodec(field)
{
    public override FieldError? Cast(JsonElement value, RecordValues target, int column)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when TextCast.TryRead(value, out var text):
                if (DateText.TryParse(text, out var moment)) Store(moment, target, column);
                else SetZero(target, column);
                return null;
            default:
                // PocketBase takes for no date whatever it cannot read as one, numbers too.
                SetZero(target, column);
                return null;
        }
    }

    public override FieldError? Check(RecordValues values, int column)
    {
        var moment = values.Utf8(column);
        if (moment.IsEmpty) return field.IsRequired ? FieldErrors.Required : null;
        var text = values.Text(column);
        if (field.Min.Length > 0 && string.CompareOrdinal(text, field.Min) < 0) return FieldErrors.TooEarly(field.Min);
        return field.Max.Length > 0 && string.CompareOrdinal(text, field.Max) > 0
            ? FieldErrors.TooLate(field.Max)
            : null;
    }

    private static void Store(DateTimeOffset moment, RecordValues target, int column) =>
        DateText.Write(moment, target.ReserveText(column, DateText.Length));
}
