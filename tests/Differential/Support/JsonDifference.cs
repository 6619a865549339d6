using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Differential.Tests.Support;

/// <summary>The first place where two JSON values differ. The order of members does not count, numbers count by value.</summary>
internal static class JsonDifference
{
    /// <returns>Null when they are equal; otherwise a sentence.</returns>
    public static string? Find(JsonNode? expected, JsonNode? actual, string path = "$")
    {
        if (expected is JsonObject expectedObject && actual is JsonObject actualObject)
            return FindInObject(expectedObject, actualObject, path);
        if (expected is JsonArray expectedArray && actual is JsonArray actualArray)
            return FindInArray(expectedArray, actualArray, path);
        return AreEqual(expected, actual) ? null : $"{path}: PocketBase {Show(expected)}, platform {Show(actual)}";
    }

    private static string? FindInObject(JsonObject expected, JsonObject actual, string path)
    {
        foreach (var (name, value) in expected)
        {
            if (!actual.TryGetPropertyValue(name, out var other))
                return $"{path}.{name}: only PocketBase has it: {Show(value)}";
            if (Find(value, other, $"{path}.{name}") is { } difference) return difference;
        }

        foreach (var (name, value) in actual)
            if (!expected.ContainsKey(name)) return $"{path}.{name}: only the platform has it: {Show(value)}";
        return null;
    }

    private static string? FindInArray(JsonArray expected, JsonArray actual, string path)
    {
        if (expected.Count != actual.Count)
            return $"{path}: PocketBase {expected.Count} items {Show(expected)}, platform {actual.Count} {Show(actual)}";
        for (var i = 0; i < expected.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (Find(expected[i], actual[i], at) is { } difference) return difference;
        }

        return null;
    }

    private static bool AreEqual(JsonNode? expected, JsonNode? actual)
    {
        var (left, right) = (Kind(expected), Kind(actual));
        if (left != right) return false;
        return left switch
        {
            JsonValueKind.Number => double.Parse(expected!.ToJsonString(), CultureInfo.InvariantCulture)
                .Equals(double.Parse(actual!.ToJsonString(), CultureInfo.InvariantCulture)),
            JsonValueKind.String => expected!.GetValue<string>() == actual!.GetValue<string>(),
            _ => true,
        };
    }

    private static JsonValueKind Kind(JsonNode? node) => node?.GetValueKind() ?? JsonValueKind.Null;

    private static string Show(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length > 400 ? text[..400] + "..." : text;
    }
}
