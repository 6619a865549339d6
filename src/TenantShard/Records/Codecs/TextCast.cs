using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>
/// Turns a JSON value into text: numbers and booleans become their literals, null, lists and objects become empty.
/// </summary>
internal static class TextCast
{
    public static FieldError? Cast(JsonElement value, RecordValues target, int column)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return TryCopy(value, target, column) ? null : FieldErrors.WrongType;
            case JsonValueKind.Number:
                target.SetText(column, NumberText.FromJson(value.GetRawText()));
                return null;
            case JsonValueKind.True or JsonValueKind.False:
                target.SetText(column, JsonMarshal.GetRawUtf8Value(value));
                return null;
            default:
                target.SetText(column, ReadOnlySpan<byte>.Empty);
                return null;
        }
    }

    /// <summary>
    /// The text of a string element; false when it is no valid Unicode, which the parser does not check.
    /// </summary>
    public static bool TryRead(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private static bool TryCopy(JsonElement value, RecordValues target, int column)
    {
        var quoted = JsonMarshal.GetRawUtf8Value(value);
        var raw = quoted[1..^1];
        if (!raw.Contains((byte)'\\'))
        {
            if (!Utf8.IsValid(raw)) return false;
            target.SetText(column, raw);
            return true;
        }

        if (!TryRead(value, out var text)) return false;
        Encoding.UTF8.GetBytes(text, target.ReserveText(column, Encoding.UTF8.GetByteCount(text)));
        return true;
    }
}
