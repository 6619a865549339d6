using System.Text.Json.Nodes;
using Platform.Differential.Tests.Support;

namespace Platform.Differential.Tests.Rules;

/// <summary>Who may do what to which record, and with which status the others are refused.</summary>
[Collection(PeersCollection.Name)]
public sealed class RuleTests(Peers peers)
{
    private static readonly string?[] Clients = [null, "anna", "bert", "carl", ApiCall.Superuser];

    /// <summary>
    /// <c>@request.data</c> is what 0.22 calls <c>@request.body</c>; the current line reads both. None compares a path to
    /// several records for being different: see <see cref="Filters.FilterPath"/>.
    /// </summary>
    public static TheoryData<string, string?> Rules => new()
    {
        { "locked", null },
        { "open", "" },
        { "signedin", "@request.auth.id != ''" },
        { "owner", "owner = @request.auth.id" },
        { "ownerid", "owner.id = @request.auth.id" },
        { "ownerage", "owner.age > 10" },
        { "authage", "@request.auth.age >= 20" },
        { "authname", "@request.auth.username = 'anna' || @request.auth.username ~ 'be'" },
        { "team", "team.id ?= @request.auth.id" },
        { "teameach", "team:each ?= @request.auth.id" },
        { "teamlength", "team:length > 1" },
        { "teamname", "team.username ?~ 'ca'" },
        { "titled", "title = 'first'" },
        { "method", "@request.method = 'GET' || @request.method = 'PATCH'" },
        { "query", "@request.query.key = 'open'" },
        { "header", "@request.headers.x_key = 'open'" },
        { "body", "@request.data.title = 'mine'" },
        { "bodyset", "@request.data.title:isset = false" },
        { "bodyowner", "@request.data.owner = @request.auth.id" },
        { "bodyownerage", "@request.data.owner.age > 10" },
        { "bodyteam", "@request.data.team:length > 1" },
        { "bodyteameach", "@request.data.team:each ?= @request.auth.id" },
        { "bodyteamnot", "@request.data.team:each != 'x'" },
        { "bodyteamunlike", "@request.data.team:each !~ 'x'" },
        { "bodyteamempty", "@request.data.team:each = ''" },
        { "bodyteamor", "@request.data.team:each ?= @request.auth.id || title = 'first'" },
        { "others", "@collection.members.age ?> 30 && @request.auth.id != ''" },
        { "allies", "@collection.members:ally.id ?= @request.auth.id && @collection.members:ally.age ?< 30" },
        { "back", "@request.auth.authors_via_member.id ?!= ''" },
        { "authcollection", "@request.auth.collectionName = 'members'" },
        { "context", "@request.context = 'default'" },
        { "dates", "created >= '2020-01-01' && created <= @now" },
        { "mixed", "(owner = @request.auth.id && title != 'locked') || (@request.auth.age = 0 && number > 1)" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_rule_admits_and_refuses_the_same(string name, string? rule)
    {
        var collection = "rule_" + name;
        await CreateAsync(collection, rule);
        var records = $"api/collections/{collection}/records";
        var calls = new List<ApiCall>();
        foreach (var who in Clients)
        {
            calls.Add(new ApiCall("GET", records + "?sort=id", As: who));
            calls.Add(new ApiCall("GET", records + "?sort=id&key=open&filter=number>0", As: who));
            for (var i = 1; i < 5; i++) calls.Add(new ApiCall("GET", $"{records}/{Id(i)}", As: who));
            calls.Add(new ApiCall("GET", $"{records}/missing00000000", As: who));
        }

        var created = 10;
        foreach (var who in Clients)
        {
            foreach (var body in (string[])["""{}""", """{"title":"mine","number":2}""", """{"title":"first","owner":"members00000001","team":["members00000000","members00000001"]}""", """{"owner":"members00000000"}"""])
            {
                var record = JsonNode.Parse(body)!;
                record["id"] = Id(created++);
                calls.Add(new ApiCall("POST", records, record.ToJsonString(), who));
            }

            calls.Add(new ApiCall("PATCH", $"{records}/{Id(1)}", """{"number":5}""", who));
            calls.Add(new ApiCall("PATCH", $"{records}/{Id(2)}?key=open", """{"title":"mine"}""", who));
            calls.Add(new ApiCall("PATCH", $"{records}/{Id(3)}", """{"owner":"members00000001"}""", who));
            calls.Add(new ApiCall("DELETE", $"{records}/{Id(4)}", As: who));
            calls.Add(new ApiCall("GET", records + "?sort=id&skipTotal=1", As: ApiCall.Superuser));
        }

        await peers.AssertAllSameAsync(calls);
    }

    private static string Id(int n) => "rule" + n.ToString("D11", System.Globalization.CultureInfo.InvariantCulture);

    private async Task CreateAsync(string collection, string? rule)
    {
        var json = new JsonObject
        {
            ["id"] = collection.PadRight(15, '0')[..15].Replace("_", "0", StringComparison.Ordinal),
            ["name"] = collection,
            ["type"] = "base",
            ["fields"] = JsonNode.Parse("""
                [{"name":"title","type":"text"},{"name":"number","type":"number"},
                 {"name":"owner","type":"relation","collectionId":"members00000000"},
                 {"name":"team","type":"relation","maxSelect":5,"collectionId":"members00000000"}]
                """),
        };
        foreach (var each in new[] { "listRule", "viewRule", "createRule", "updateRule", "deleteRule" }) json[each] = rule;
        await peers.CreateCollectionAsync(json.ToJsonString());
        var rows = new[]
        {
            """{"title":"first","number":1,"owner":"members00000000","team":["members00000000","members00000002"]}""",
            """{"title":"second","number":2,"owner":"members00000001","team":["members00000001"]}""",
            """{"title":"locked","number":3,"owner":"","team":[]}""",
            """{"title":"first","number":4,"owner":"members00000002","team":["members00000000","members00000001","members00000002"]}""",
        };
        for (var i = 0; i < rows.Length; i++)
        {
            var record = JsonNode.Parse(rows[i])!.AsObject();
            record["id"] = Id(i + 1);
            await peers.CreateRecordAsync(collection, record);
        }
    }
}
