using System.Text.Json;
using System.Text.Unicode;

namespace Platform.TenantShard.Http;

/// <summary>
/// The parser leaves it to the reader of each string to find that it is no text: broken UTF-8, or half of a surrogate
/// pair behind an escape. Checked once here, so that no reader has to.
/// </summary>
internal static class UnicodeText
{
    /// <param name="json">Valid JSON.</param>
    public static bool IsValid(ReadOnlySpan<byte> json) =>
        Utf8.IsValid(json) && (!HasSurrogateEscape(json) || AreStringsValid(json));

    private static bool HasSurrogateEscape(ReadOnlySpan<byte> json) =>
        json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;

    private static bool AreStringsValid(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
