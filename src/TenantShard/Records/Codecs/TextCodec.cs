using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>Plain text, and the id.</summary>
internal sealed class TextCodec(TextField field) : FieldCodec(field)
{
    private readonly Lazy<TextPattern?> _pattern =
        new(() => field.Pattern.Length == 0 ? null : new TextPattern(field.Pattern));

    public override FieldError? Check(RecordValues values, int column)
    {
        var text = values.Utf8(column);
        if (text.IsEmpty) return field.IsRequired ? FieldErrors.Required : null;
        if (field.IsPrimaryKey && IdName.Check(text) is { } error) return error;
        var max = field.Max > 0 ? field.Max : TextField.DefaultMax;
        if (field.Min > 0 && CountCharacters(text) < field.Min) return FieldErrors.TooShort(field.Min);
        if (text.Length > max && CountCharacters(text) > max) return FieldErrors.TooLong(max);
        return _pattern.Value is { } pattern && !pattern.Matches(text) ? FieldErrors.Format : null;
    }

    internal static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        // A byte that continues a character has the bits 10 at its top.
        var count = 0;
        foreach (var unit in utf8)
            if ((unit & 0xC0) != 0x80) count++;
        return count;
    }
}
