using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Platform.TenantShard.Realtime;

/// <summary>
/// Reads <c>collection/id?options={"query":{...},"headers":{...}}</c>. Options that are malformed count as none, as in
/// PocketBase.
/// </summary>
internal static class SubscriptionText
{
    public static Subscription Read(RealtimeClient client, string text)
    {
        var mark = text.IndexOf('?', StringComparison.Ordinal);
        if (mark < 0) return new Subscription(client, text, text, QueryString.Empty, []);
        var (query, headers) = ReadOptions(text[mark..]);
        return new Subscription(client, text, text[..mark], query, headers);
    }

    private static (QueryString Query, List<KeyValuePair<string, string>> Headers) ReadOptions(string query)
    {
        foreach (var pair in new QueryStringEnumerable(query))
        {
            if (!pair.DecodeName().Span.SequenceEqual("options")) continue;
            try
            {
                using var options = JsonDocument.Parse(pair.DecodeValue());
                var members = ReadMembers(options.RootElement, "query");
                return (
                    QueryString.Create(members.Select(static member => KeyValuePair.Create(member.Key, (string?)member.Value))),
                    ReadMembers(options.RootElement, "headers"));
            }
            catch (JsonException)
            {
                break;
            }
        }

        return (QueryString.Empty, []);
    }

    private static List<KeyValuePair<string, string>> ReadMembers(JsonElement options, string name)
    {
        var members = new List<KeyValuePair<string, string>>();
        if (options.ValueKind != JsonValueKind.Object
            || !options.TryGetProperty(name, out var section)
            || section.ValueKind != JsonValueKind.Object)
        {
            return members;
        }

        foreach (var member in section.EnumerateObject())
        {
            var value = member.Value.ValueKind == JsonValueKind.String
                ? member.Value.GetString()!
                : member.Value.GetRawText();
            members.Add(KeyValuePair.Create(member.Name, value));
        }

        return members;
    }
}
