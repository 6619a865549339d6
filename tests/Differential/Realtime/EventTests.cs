using System.Text.Json.Nodes;
using Platform.Differential.Tests.Support;

namespace Platform.Differential.Tests.Realtime;

/// <summary>The events of writes: who hears of what, under which name, with which record.</summary>
[Collection(PeersCollection.Name)]
public sealed class EventTests(Peers peers)
{
    private const string Last = "live00000000end";

    /// <summary>How long an event that was passed by the last one may take.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    /// <summary>Topics, and who follows them.</summary>
    public static TheoryData<string?, string[]> Followers => new()
    {
        { ApiCall.Superuser, ["live/*"] },
        { null, ["live/*"] },
        { "anna", ["live/*"] },
        { "bert", ["live/*"] },
        { "anna", ["live/live00000000001", "live/" + Last] },
        { "bert", ["live/live00000000002", "live/" + Last] },
        { null, ["live/live00000000001", "live/" + Last, "live/*"] },
        { ApiCall.Superuser, ["live/*?options={\"query\":{\"fields\":\"id,title\"}}"] },
        { "anna", ["live/*?options={\"query\":{\"expand\":\"owner\",\"fields\":\"id,expand.owner.username\"}}"] },
        { "anna", ["live/*?options={\"query\":{\"filter\":\"title='b'\"}}"] },
        { "anna", ["live"] },
        { "anna", ["nope/*", "live/*"] },
    };

    [Theory]
    [MemberData(nameof(Followers))]
    public async Task Writes_are_heard_of_alike(string? who, string[] topics)
    {
        await peers.CreateCollectionOnceAsync("""
            {"id":"live00000000000","name":"live","type":"base","listRule":"hidden = false && (owner = '' || owner = @request.auth.id)",
             "viewRule":"hidden = false","createRule":"","updateRule":"","deleteRule":"",
             "fields":[{"name":"title","type":"text"},{"name":"hidden","type":"bool"},
                {"name":"owner","type":"relation","collectionId":"members00000000"}]}
            """);
        var right = await ListenAsync(peers.Platform, who, topics, 0);
        var left = await ListenAsync(peers.PocketBase, who, topics, right.Count);
        var (theirs, ours) = (Comparable(left), Comparable(right));
        Assert.True(JsonDifference.Find(theirs, ours) is null,
            $"{JsonDifference.Find(theirs, ours)}\n{theirs.ToJsonString()}\n{ours.ToJsonString()}");
        Assert.NotEmpty(left);
    }

    [Fact]
    public async Task A_subscription_without_a_connection_is_refused_alike()
    {
        await peers.AssertAllSameAsync(
        [
            new ApiCall("POST", "api/realtime", """{"clientId":"nope","subscriptions":["live/*"]}""", null),
            new ApiCall("POST", "api/realtime", """{}""", null),
            new ApiCall("POST", "api/realtime", """{"clientId":"","subscriptions":[]}""", null),
            new ApiCall("POST", "api/realtime", "{", null),
        ]);
    }

    /// <summary>
    /// The same writes, and all that a follower hears up to the last of them. Events may pass one another in PocketBase,
    /// the last one too: while fewer than <paramref name="expected"/> were heard, what comes after it is waited for.
    /// </summary>
    private static async Task<List<JsonObject>> ListenAsync(Peer peer, string? who, string[] topics, int expected)
    {
        await using var stream = await EventStream.OpenAsync(peer);
        // All follow everything too: after the last write's event there, what was not sent is known to have not been.
        var all = topics.Contains("live/*") ? topics : [.. topics, "live/*"];
        Assert.Equal(204, (await stream.SubscribeAsync(who, all)).Status);
        const string Records = "api/collections/live/records";
        foreach (var call in (ApiCall[])
        [
            new("POST", Records, """{"id":"live00000000001","title":"a"}"""),
            new("POST", Records, """{"id":"live00000000002","title":"b","owner":"members00000000"}"""),
            new("POST", Records, """{"id":"live00000000003","title":"c","hidden":true}"""),
            new("PATCH", Records + "/live00000000001", """{"title":"b"}"""),
            new("PATCH", Records + "/live00000000003", """{"hidden":false}"""),
            new("PATCH", Records + "/live00000000003", """{"owner":"members00000001"}"""),
            new("PATCH", Records + "/live00000000002", """{"hidden":true}"""),
            new("DELETE", Records + "/live00000000001"),
            new("DELETE", Records + "/live00000000002"),
            new("DELETE", Records + "/live00000000003"),
            // Gone at once: an event is judged by the record as its change left it.
            new("POST", Records, """{"id":"live00000000004","title":"b","owner":"members00000000"}"""),
            new("DELETE", Records + "/live00000000004"),
            new("POST", Records, """{"id":"live00000000005","title":"b","owner":"members00000001"}"""),
            new("PATCH", Records + "/live00000000005", """{"hidden":true,"title":"c"}"""),
            new("PATCH", Records + "/live00000000005", """{"hidden":false}"""),
            new("DELETE", Records + "/live00000000005"),
        ])
            await peer.MustAsync(call);

        await peer.MustAsync(new ApiCall("POST", Records, $$"""{"id":"{{Last}}","title":"b"}"""));
        var events = new List<JsonObject>();
        var ended = false;
        while (!ended || events.Count < expected)
        {
            if (await stream.NextAsync(ended ? Late : EventStream.Bound) is not var (name, data)) break;
            var message = JsonNode.Parse(data)!;
            if (message["record"]?["id"]?.GetValue<string>() == Last)
            {
                ended |= name == "live/*";
                continue;
            }

            foreach (var date in new[] { "created", "updated" })
                if (message["record"] is JsonObject record && record.ContainsKey(date)) record[date] = "a moment";
            events.Add(new JsonObject { ["name"] = name, ["message"] = message });
        }

        Assert.True(ended, "The last write was not heard of.");
        await peer.MustAsync(new ApiCall("DELETE", $"{Records}/{Last}"));
        return events;
    }

    private static JsonArray Comparable(List<JsonObject> events) => new([new JsonObject { ["count"] = events.Count }, .. events
        .GroupBy(heard => $"{heard["name"]} {heard["message"]!["record"]!["id"]}", StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .SelectMany(group => group.Select(heard => heard.DeepClone()).OrderBy(Order, StringComparer.Ordinal))]);

    private static string Order(JsonNode heard) =>
        $"{heard["message"]!["action"]} {heard["message"]!["record"]!["title"]} {heard["message"]!["record"]!["hidden"]}";
}
