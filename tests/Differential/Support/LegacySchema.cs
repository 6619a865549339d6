using System.Text.Json.Nodes;

namespace Platform.Differential.Tests.Support;

/// <summary>A collection in the words of the current line, said in those of 0.22.</summary>
internal static class LegacySchema
{
    /// <summary>Fields that every collection of 0.22 has without being asked.</summary>
    private static readonly HashSet<string> BuiltIn = ["id", "created", "updated"];

    private static readonly HashSet<string> BuiltInOfAuth = ["username", "email", "emailVisibility", "verified", "password"];

    private static readonly string[] Rules = ["listRule", "viewRule", "createRule", "updateRule", "deleteRule"];

    public static JsonObject Of(JsonObject collection)
    {
        var type = collection["type"]!.GetValue<string>();
        var legacy = new JsonObject { ["schema"] = new JsonArray(Fields(collection, type)), ["options"] = Options(collection, type) };
        foreach (var name in (string[])["id", "name", "type", "indexes", .. Rules])
            if (collection[name] is { } value) legacy[name] = value.DeepClone();
        // 0.22 keeps the unique index of the username itself.
        if (type == "auth") legacy.Remove("indexes");
        return legacy;
    }

    private static JsonNode?[] Fields(JsonObject collection, string type) =>
        (collection["fields"] as JsonArray ?? [])
            .Select(field => field!.AsObject())
            .Where(field => !IsBuiltIn(field["name"]!.GetValue<string>(), type))
            .Select(field => (JsonNode?)OfField(field))
            .ToArray();

    private static bool IsBuiltIn(string name, string type) =>
        BuiltIn.Contains(name) || (type == "auth" && BuiltInOfAuth.Contains(name));

    private static JsonObject OfField(JsonObject field)
    {
        var type = field["type"]!.GetValue<string>();
        var options = new JsonObject();
        // What 0.22 wants to be told and the current line has as a default.
        if (type is "select" or "file") options["maxSelect"] = 1;
        if (type is "json" or "file") options["maxSize"] = 5_242_880;
        if (type == "relation") options["maxSelect"] = 1;
        foreach (var (name, value) in field)
        {
            if (name is "name" or "type" or "required") continue;
            options[name == "onlyInt" ? "noDecimal" : name] = value?.DeepClone();
        }

        return new JsonObject
        {
            ["name"] = field["name"]!.DeepClone(),
            ["type"] = type,
            ["required"] = field["required"]?.DeepClone() ?? false,
            ["options"] = options,
        };
    }

    private static JsonObject Options(JsonObject collection, string type) => type switch
    {
        "view" => new JsonObject { ["query"] = collection["viewQuery"]!.DeepClone() },
        "auth" => new JsonObject
        {
            ["allowEmailAuth"] = true,
            ["allowUsernameAuth"] = true,
            ["allowOAuth2Auth"] = false,
            ["minPasswordLength"] = 8,
            ["requireEmail"] = false,
            ["onlyVerified"] = false,
            ["manageRule"] = collection["manageRule"]?.DeepClone(),
        },
        _ => [],
    };
}
