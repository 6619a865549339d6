using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Settings;

/// <summary>
/// Lays settings over settings: objects are merged member by member, all else is replaced. Unknown members and nulls are
/// ignored; a value of another type than the setting has is a mistake.
/// </summary>
internal static class SettingsMerge
{
    /// <summary>The only list whose items are objects; one of them tells the shape of all.</summary>
    private const string RulesMember = "rules";

    public static void Apply(JsonObject target, JsonElement source, FieldErrorTree errors)
    {
        if (source.ValueKind != JsonValueKind.Object) return;
        foreach (var member in source.EnumerateObject())
        {
            if (!target.TryGetPropertyValue(member.Name, out var current) || current is null) continue;
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            Apply(target, member, current, errors);
        }
    }

    private static void Apply(JsonObject target, JsonProperty member, JsonNode current, FieldErrorTree errors)
    {
        var expected = current.GetValueKind();
        if (expected == JsonValueKind.Object && member.Value.ValueKind == JsonValueKind.Object)
            Apply(current.AsObject(), member.Value, errors.At(member.Name));
        else if (expected == JsonValueKind.Array && member.Value.ValueKind == JsonValueKind.Array)
            target[member.Name] = ReadList(member, errors.At(member.Name));
        else if (IsSameType(expected, member.Value))
            target[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        else
            errors.AddWrongType(member.Name, Describe(expected));
    }

    private static JsonArray ReadList(JsonProperty member, FieldErrorTree errors)
    {
        var list = new JsonArray();
        foreach (var item in member.Value.EnumerateArray())
        {
            if (member.Name == RulesMember)
            {
                var rule = new JsonObject { ["label"] = "", ["audience"] = "", ["duration"] = 0, ["maxRequests"] = 0 };
                Apply(rule, item, errors.At(list.Count));
                list.Add((JsonNode)rule);
                continue;
            }

            if (item.ValueKind != JsonValueKind.String)
                errors.AddWrongType(list.Count.ToString(CultureInfo.InvariantCulture), "a string");
            list.Add(item.ValueKind == JsonValueKind.String ? item.GetString() : "");
        }

        return list;
    }

    // All numbers of the settings are integers.
    private static bool IsSameType(JsonValueKind expected, JsonElement value) => expected switch
    {
        JsonValueKind.True or JsonValueKind.False => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        JsonValueKind.Number => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        JsonValueKind.String => value.ValueKind == JsonValueKind.String,
        _ => false,
    };

    private static string Describe(JsonValueKind expected) => expected switch
    {
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Number => "an integer",
        JsonValueKind.String => "a string",
        JsonValueKind.Array => "a list",
        _ => "an object",
    };
}
