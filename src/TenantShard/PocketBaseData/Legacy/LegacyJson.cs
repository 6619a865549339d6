using System.Text.Json;

namespace Platform.TenantShard.PocketBaseData.Legacy;

/// <summary>Members of JSON whose types nobody promises.</summary>
internal static class LegacyJson
{
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static string Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    public static bool Flag(this JsonElement element, string name) =>
        element.Member(name).ValueKind == JsonValueKind.True;

    public static bool? OptionalFlag(this JsonElement element, string name) => element.Member(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static double? Number(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number)
            ? number
            : null;

    /// <summary>A whole number within int; null when there is none.</summary>
    public static int? Integer(this JsonElement element, string name) =>
        element.Number(name) is { } number ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : null;

    /// <summary>The texts of a list; null when there is none.</summary>
    public static IReadOnlyList<string>? Texts(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : null;
}
