using System.Globalization;
using System.Text.Json;

namespace Platform.Pbm.Output;

/// <summary>Values of the admin API as text for people.</summary>
internal static class Display
{
    private const string Nothing = "-";

    // Shortest text that is a date with time and zone: 2026-01-31T00:00:00Z.
    private const int TimestampLengthMin = 20;

    /// <summary>One value on one line; structures become <c>a=1, b=2</c>.</summary>
    public static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => Nothing,
        JsonValueKind.String => Text(value),
        JsonValueKind.Array => Joined(value.EnumerateArray().Select(Value)),
        JsonValueKind.Object => Joined(
            value.EnumerateObject().Select(member => $"{Clean(member.Name)}={Value(member.Value)}")),
        _ => value.GetRawText(),
    };

    /// <summary>A named value: amounts of bytes also in a unit that can be read.</summary>
    public static string Value(string name, JsonElement value)
    {
        var text = Value(value);
        return name.Contains("bytes", StringComparison.OrdinalIgnoreCase)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var bytes) && bytes >= 1024
            ? $"{text} ({Bytes(bytes)})"
            : text;
    }

    /// <summary>
    /// Replaces control characters: a name or label that somebody chose must not be able to drive the terminal.
    /// </summary>
    public static string Clean(string text) => text.Any(char.IsControl)
        ? string.Create(text.Length, text, static (clean, from) =>
        {
            for (var index = 0; index < from.Length; index++)
                clean[index] = char.IsControl(from[index]) ? '\uFFFD' : from[index];
        })
        : text;

    private static string Text(JsonElement value)
    {
        var text = value.GetString()!;
        if (text.Length == 0) return Nothing;
        return text.Length >= TimestampLengthMin && value.TryGetDateTimeOffset(out var moment)
            ? moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : Clean(text);
    }

    private static string Joined(IEnumerable<string> parts)
    {
        var text = string.Join(", ", parts);
        return text.Length == 0 ? Nothing : text;
    }

    private static string Bytes(long bytes)
    {
        string[] units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        var amount = bytes / 1024.0;
        var unit = 0;
        while (amount >= 1024 && unit < units.Length - 1)
        {
            amount /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{amount:0.#} {units[unit]}");
    }
}
