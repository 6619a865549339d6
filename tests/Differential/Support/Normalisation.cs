using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Platform.Differential.Tests.Support;

/// <summary>
/// What may differ between PocketBase 0.22.20 and the current line, whose contract the platform keeps. Every rule
/// gives its reason; what no rule covers must be equal.
/// </summary>
internal static partial class Normalisation
{
    /// <summary>The answers as they are compared: their status and their body.</summary>
    public static (JsonObject PocketBase, JsonObject Platform) OfBoth(PeerAnswer pocketBase, PeerAnswer platform)
    {
        var (expected, actual) = (Of(pocketBase), Of(platform));
        // Where 0.22 says only that something is wrong, the platform may say what.
        if (expected["body"]?["fields"] is JsonObject { Count: 0 } && actual["body"]?["fields"] is JsonObject)
            actual["body"]!["fields"] = new JsonObject();
        return (expected, actual);
    }

    public static string WithoutRandomNames(string text) => RandomName().Replace(text, "_random$1");

    private static JsonObject Of(PeerAnswer answer)
    {
        var body = answer.Json;
        if (answer.Status >= 400) body = OfError(body);
        else Walk(body);
        return new JsonObject { ["status"] = answer.Status, ["body"] = body };
    }

    /// <summary>
    /// The status's member was renamed from "code" to "status" in 0.23, and sentences were reworded in most
    /// releases: the fields that are refused, and the code of each refusal, are the contract.
    /// </summary>
    private static JsonObject OfError(JsonNode? body)
    {
        var fields = new JsonObject();
        if (body is JsonObject error && error["data"] is JsonObject data)
            foreach (var (name, reason) in data) fields[name] = OfReason(reason);
        return new JsonObject { ["fields"] = fields };
    }

    private static JsonNode? OfReason(JsonNode? reason)
    {
        if (reason is not JsonObject entry) return reason?.DeepClone();
        if (entry["code"] is { } code) return Renamed(code.GetValue<string>());
        var nested = new JsonObject();
        foreach (var (name, inner) in entry) nested[name] = OfReason(inner);
        return nested;
    }

    /// <summary>Codes that the rewrite of the fields in 0.23 renamed.</summary>
    private static string Renamed(string code) => code switch
    {
        // Rules of single fields, which got codes of their own.
        "validation_invalid_email" => "validation_is_email",
        "validation_invalid_url" => "validation_is_url",
        "validation_no_decimal_constraint" => "validation_only_int_constraint",
        // The username became a field like any other, with an index of its own.
        "validation_invalid_username" => "validation_not_unique",
        // The id became a field of the collection like any other.
        "validation_invalid_id" => "validation_pk_invalid",
        "validation_in_invalid" or "validation_pk_change" or "validation_values_mismatch" => "not what it must be",
        // What no id may be got a code of its own.
        "validation_match_invalid" or "validation_forbidden_pk_character" => "validation_invalid_format",
        // ozzo's rules of length and range, which 0.22 used for text and number, became rules of the fields themselves.
        "validation_min_greater_equal_than_required" or "validation_length_too_short" or "validation_length_invalid" or "validation_length_out_of_range"
            or "validation_min_number_constraint" or "validation_min_text_constraint" => "too small or short",
        "validation_max_less_equal_than_required" or "validation_length_too_long"
            or "validation_max_number_constraint" or "validation_max_text_constraint" => "too large or long",
        _ => code,
    };

    private static void Walk(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json:
                OfMembers(json);
                foreach (var (_, value) in json) Walk(value);
                break;
            case JsonArray array:
                foreach (var item in array) Walk(item);
                break;
        }
    }

    private static void OfMembers(JsonObject json)
    {
        // PocketBase knows that a record was expanded; the platform does not load what "fields" will not show.
        if (json["expand"] is JsonObject { Count: 0 }) json.Remove("expand");
        // The two servers write a record at their own moments.
        if (json["token"] is JsonValue token && token.TryGetValue<string>(out var jwt) && jwt.Count(c => c == '.') == 2)
            json["token"] = "a token";
        // A stored file gets ten random characters of each server.
        foreach (var (name, value) in json.ToList())
        {
            if (value is JsonArray list && list.All(item => item is JsonValue text && text.TryGetValue<string>(out _)))
                json[name] = new JsonArray([.. list.Select(item => (JsonNode?)WithoutRandomNames(item!.GetValue<string>()))]);
            else if (value is JsonValue text && text.TryGetValue<string>(out var file))
                json[name] = WithoutRandomNames(file);
        }

        foreach (var name in new[] { "created", "updated" })
        {
            if (json[name] is JsonValue value && value.TryGetValue<string>(out var text) && Moment().IsMatch(text))
                json[name] = "a moment";
        }
    }

    [GeneratedRegex(@"_[A-Za-z0-9]{10}(\.[A-Za-z0-9]+|$|;)")]
    private static partial Regex RandomName();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex Moment();
}
