using Platform.Differential.Tests.Support;

namespace Platform.Differential.Tests.Writes;

/// <summary>Updates, their modifiers, and what an update leaves alone.</summary>
[Collection(PeersCollection.Name)]
public sealed class ModifierTests(Peers peers)
{
    private const string Records = "api/collections/changing/records";
    private const string Record = Records + "/changing0000001";

    /// <summary>
    /// Without an empty id, which 0.22 took for none, and without an empty body or null, of which 0.22 takes only the one
    /// and the current line only the other.
    /// </summary>
    private static readonly string[] Bodies =
    [
        """{}""", """{"count+":2}""", """{"count-":5}""", """{"count+":"2.5"}""", """{"count+":"x"}""", """{"count+":null}""", """{"count":7}""",
        """{"labels+":"a"}""", """{"labels+":["b","c"]}""", """{"labels+":["a"]}""", """{"labels-":"b"}""", """{"labels-":["a","nope"]}""",
        """{"labels+":"nope"}""", """{"labels":["a","b"]}""", """{"labels":[]}""", """{"labels":null}""", """{"one":"a"}""", """{"one+":"b"}""",
        """{"one-":"b"}""", """{"one":""}""", """{"tags+":"tags00000000001"}""", """{"tags+":["tags00000000002","tags00000000003"]}""",
        """{"tags-":"tags00000000002"}""", """{"tags+":"missing00000000"}""", """{"tags":["tags00000000004"]}""", """{"tags-":["tags00000000004"]}""",
        """{"title":"x","unknown":1}""", """{"title+":"y"}""", """{"id":"changing0000001","title":"same id"}""", """{"id":"other0000000001"}""",
        """{"created":"2020-01-01 00:00:00.000Z"}""", """{"collectionId":"x","collectionName":"y"}""", """{"title":null}""",
        """{"count":null}""", """{"live":null}""", """{"data":{"a":1}}""", """{"data":null}""", """{"data":[1,2]}""", """[]""", "\"text\"",
        "{\"title\":\"", """{"title":"a","title":"b"}""", """{"TITLE":"upper"}""", """{"title ":"blank"}""", "{",
    ];

    [Fact]
    public async Task An_update_changes_what_it_names()
    {
        await peers.CreateCollectionOnceAsync("""
            {"id":"changing0000000","name":"changing","type":"base","listRule":"","viewRule":"","createRule":"","updateRule":"",
             "deleteRule":"","fields":[
                {"name":"title","type":"text"},{"name":"count","type":"number"},{"name":"live","type":"bool"},
                {"name":"labels","type":"select","maxSelect":3,"values":["a","b","c"]},
                {"name":"one","type":"select","values":["a","b","c"]},
                {"name":"tags","type":"relation","maxSelect":4,"collectionId":"tags00000000000"},
                {"name":"data","type":"json"}]}
            """);
        var calls = new List<ApiCall> { new("POST", Records, """{"id":"changing0000001","title":"first","count":1,"live":true}""") };
        foreach (var body in Bodies) calls.AddRange([new ApiCall("PATCH", Record, body), new ApiCall("GET", Record)]);
        calls.AddRange(
        [
            new ApiCall("POST", Records, """{"id":"changing0000001"}"""),
            new ApiCall("POST", Records, """{"id":"short"}"""),
            new ApiCall("POST", Records, """{"id":"with/slash00000"}"""),
            new ApiCall("POST", Records, """{"id":12345}"""),
            new ApiCall("PATCH", Records + "/missing00000000", """{"title":"x"}"""),
            new ApiCall("DELETE", Records + "/missing00000000"),
            new ApiCall("DELETE", Record),
            new ApiCall("DELETE", Record),
            new ApiCall("GET", Record),
        ]);
        await peers.AssertAllSameAsync(calls);
    }

    [Fact]
    public async Task A_deleted_record_is_left_by_those_that_refer_to_it()
    {
        await peers.CreateCollectionOnceAsync("""
            {"id":"parents00000000","name":"parents","type":"base","listRule":"","viewRule":"","createRule":"","updateRule":"","deleteRule":"",
             "fields":[{"name":"name","type":"text"}]}
            """);
        await peers.CreateCollectionOnceAsync("""
            {"id":"children0000000","name":"children","type":"base","listRule":"","viewRule":"","createRule":"","updateRule":"","deleteRule":"",
             "fields":[
                {"name":"name","type":"text"},
                {"name":"loose","type":"relation","collectionId":"parents00000000"},
                {"name":"tight","type":"relation","collectionId":"parents00000000","cascadeDelete":true},
                {"name":"needed","type":"relation","collectionId":"parents00000000","required":false,"maxSelect":3},
                {"name":"group","type":"relation","collectionId":"parents00000000","maxSelect":3,"cascadeDelete":true}]}
            """);
        var calls = new List<ApiCall>();
        for (var i = 1; i < 6; i++)
            calls.Add(new ApiCall("POST", "api/collections/parents/records", $$"""{"id":"parent00000000{{i}}","name":"p{{i}}"}"""));
        foreach (var (id, body) in new[]
        {
            ("child0000000001", """ "loose":"parent000000001" """), ("child0000000002", """ "tight":"parent000000001" """),
            ("child0000000003", """ "needed":["parent000000001","parent000000002"] """),
            ("child0000000004", """ "group":["parent000000001","parent000000002"] """),
            ("child0000000005", """ "group":["parent000000003"],"loose":"parent000000003" """),
        })
        {
            calls.Add(new ApiCall("POST", "api/collections/children/records", $$"""{"id":"{{id}}",{{body}}}"""));
        }

        foreach (var parent in new[] { 1, 2, 3, 3 })
        {
            calls.Add(new ApiCall("DELETE", $"api/collections/parents/records/parent00000000{parent}"));
            calls.Add(new ApiCall("GET", "api/collections/children/records?sort=id"));
        }

        await peers.AssertAllSameAsync(calls);
    }

    [Fact]
    public async Task Unique_and_required_fields_are_kept()
    {
        await peers.CreateCollectionOnceAsync("""
            {"id":"strict000000000","name":"strict","type":"base","listRule":"","viewRule":"","createRule":"","updateRule":"","deleteRule":"",
             "indexes":["CREATE UNIQUE INDEX idx_strict_code ON strict (code)"],
             "fields":[
                {"name":"code","type":"text","required":true},{"name":"number","type":"number","required":true},
                {"name":"flag","type":"bool","required":true},{"name":"pick","type":"select","values":["a","b"],"required":true},
                {"name":"data","type":"json","required":true},{"name":"tag","type":"relation","required":true,"collectionId":"tags00000000000"}]}
            """);
        const string Strict = "api/collections/strict/records";
        const string Rest = """ "number":1,"flag":true,"pick":"a","data":{"a":1},"tag":"tags00000000001" """;
        await peers.AssertAllSameAsync(
        [
            new ApiCall("POST", Strict, """{"id":"strict000000001"}"""),
            new ApiCall("POST", Strict, """{"id":"strict000000001","code":"","number":0,"flag":false,"pick":"","data":null,"tag":""}"""),
            new ApiCall("POST", Strict, """{"id":"strict000000001","code":" ","number":"0","flag":"false","pick":[],"data":{},"tag":[]}"""),
            new ApiCall("POST", Strict, """{"id":"strict000000001","code":"","number":1,"flag":true,"tag":"missing00000000"}"""),
            new ApiCall("POST", Strict, $$"""{"id":"strict000000001","code":"one",{{Rest}}}"""),
            new ApiCall("POST", Strict, $$"""{"id":"strict000000002","code":"one",{{Rest}}}"""),
            new ApiCall("POST", Strict, $$"""{"id":"strict000000002","code":"two",{{Rest}}}"""),
            new ApiCall("PATCH", Strict + "/strict000000002", """{"code":"one"}"""),
            new ApiCall("PATCH", Strict + "/strict000000002", """{"code":""}"""),
            new ApiCall("PATCH", Strict + "/strict000000002", """{"number":0}"""),
            new ApiCall("PATCH", Strict + "/strict000000002", """{"number":0,"tag":"missing00000000","pick":"nope"}"""),
            new ApiCall("PATCH", Strict + "/strict000000002", """{"number-":1}"""),
            new ApiCall("DELETE", "api/collections/tags/records/tags00000000001x"),
        ]);
    }
}
