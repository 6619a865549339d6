using System.Text.Json.Nodes;
using Platform.Differential.Tests.Support;

namespace Platform.Differential.Tests.Filters;

/// <summary>What the random filters leave out, because 0.22 contradicts itself.</summary>
[Collection(PeersCollection.Name)]
public sealed class RelationFilterTests(Peers peers)
{
    /// <summary>
    /// Beside a JSON document nothing stands for a missing value: '' is not null, for one value and for any of several.
    /// 0.22 takes them for the same when it asks for all of several, so that "any" holds for the only value there is and
    /// "all" does not.
    /// </summary>
    [Theory]
    [InlineData("text != document", true, true)]
    [InlineData("others.text ?!= document", true, true)]
    [InlineData("document ?!= others.text", true, true)]
    [InlineData("others.text != document", false, true)]
    [InlineData("document != others.text", false, true)]
    [InlineData("others.text = document", false, false)]
    [InlineData("others.text ?= document", false, false)]
    public async Task An_empty_text_is_not_a_missing_document(string filter, bool holdsInPocketBase, bool holds)
    {
        await peers.CreateCollectionOnceAsync("""
            {"id":"leaves000000000","name":"leaves","type":"base","listRule":"","createRule":"","fields":[
                {"name":"text","type":"text"}]}
            """);
        await peers.CreateCollectionOnceAsync("""
            {"id":"sheets000000000","name":"sheets","type":"base","listRule":"","createRule":"","fields":[
                {"name":"text","type":"text"},{"name":"document","type":"json"},
                {"name":"others","type":"relation","maxSelect":5,"collectionId":"leaves000000000"}]}
            """);
        const string Records = "api/collections/sheets/records";
        foreach (var peer in new[] { peers.PocketBase, peers.Platform })
        {
            if ((await peer.SendAsync(new ApiCall("GET", Records))).Text.Contains("sheet0000000001", StringComparison.Ordinal))
                continue;
            await peer.MustAsync(new ApiCall("POST", "api/collections/leaves/records", """{"id":"leaf00000000001"}"""));
            await peer.MustAsync(new ApiCall("POST", Records, """{"id":"sheet0000000001","others":["leaf00000000001"]}"""));
        }

        var call = new ApiCall(
            "GET", $"{Records}?filter={Uri.EscapeDataString($"id = 'sheet0000000001' && {filter}")}");
        Assert.Equal(holdsInPocketBase, IsFound(await peers.PocketBase.SendAsync(call)));
        Assert.Equal(holds, IsFound(await peers.Platform.SendAsync(call)));
    }

    private static bool IsFound(PeerAnswer answer) =>
        JsonNode.Parse(answer.Text)!["totalItems"]!.GetValue<int>() == 1;
}
