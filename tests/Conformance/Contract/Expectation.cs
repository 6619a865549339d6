using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Platform.Conformance.Tests.Contract;

/// <summary>
/// Compares an answer with what a row says of it: objects may have more members than the row names, lists must have
/// exactly its items, <c>"*"</c> is anything but null and empty, <c>/.../</c> is a pattern.
/// </summary>
internal static class Expectation
{
    /// <summary>Null when it fits, else where and why it does not.</summary>
    public static string? Mismatch(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case JsonObject members:
                if (actual is not JsonObject target) return $"{path}: no object but {Show(actual)}";
                return members
                    .Select(member => target.ContainsKey(member.Key)
                        ? Mismatch(member.Value, target[member.Key], $"{path}.{member.Key}")
                        : $"{path}.{member.Key} is missing")
                    .FirstOrDefault(problem => problem is not null);
            case JsonArray items:
                if (actual is not JsonArray list) return $"{path}: no list but {Show(actual)}";
                if (items.Count != list.Count) return $"{path}: {list.Count} items, not {items.Count}";
                return items.Select((item, index) => Mismatch(item, list[index], $"{path}[{index}]"))
                    .FirstOrDefault(problem => problem is not null);
            default:
                return Fits(expected, actual) ? null : $"{path}: {Show(actual)}, not {Show(expected)}";
        }
    }

    /// <summary>Exactly the codes of an error's data, nested as it is.</summary>
    public static string? CodesMismatch(JsonObject expected, JsonNode? data, string path)
    {
        if (data is not JsonObject actual) return $"{path}: no object";
        var names = expected.Select(entry => entry.Key).Order(StringComparer.Ordinal);
        var found = actual.Select(entry => entry.Key).Order(StringComparer.Ordinal);
        if (!names.SequenceEqual(found)) return $"{path} names {string.Join(", ", found)}, not {string.Join(", ", names)}";
        foreach (var (name, code) in expected)
        {
            var problem = code is JsonObject nested
                ? CodesMismatch(nested, actual[name], $"{path}.{name}")
                : Mismatch(new JsonObject { ["code"] = code!.DeepClone(), ["message"] = "*" }, actual[name], $"{path}.{name}");
            if (problem is not null) return problem;
        }

        return null;
    }

    /// <summary>Whether an object anywhere below has a member of that name.</summary>
    public static bool HasMember(JsonNode? node, string name) => node switch
    {
        JsonObject members => members.ContainsKey(name) || members.Any(member => HasMember(member.Value, name)),
        JsonArray items => items.Any(item => HasMember(item, name)),
        _ => false,
    };

    private static bool Fits(JsonNode? expected, JsonNode? actual)
    {
        if (expected is null) return actual is null;
        if (expected.GetValueKind() == JsonValueKind.String)
        {
            var text = expected.GetValue<string>();
            if (text == "*") return actual is not null && actual.ToJsonString() is not "\"\"";
            if (actual?.GetValueKind() != JsonValueKind.String) return false;
            return text is ['/', .., '/'] && text.Length > 2
                ? Regex.IsMatch(actual.GetValue<string>(), text[1..^1])
                : actual.GetValue<string>() == text;
        }

        if (actual is null || expected.GetValueKind() != actual.GetValueKind()) return false;
        return expected.GetValueKind() != JsonValueKind.Number
            || Number(expected) == Number(actual);
    }

    private static double Number(JsonNode node) =>
        double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private static string Show(JsonNode? node) => node?.ToJsonString() ?? "null";
}
