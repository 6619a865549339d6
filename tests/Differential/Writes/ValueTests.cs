using System.Globalization;
using Platform.Differential.Tests.Support;

namespace Platform.Differential.Tests.Writes;

/// <summary>What each field makes of each kind of value, whether it fits or not.</summary>
[Collection(PeersCollection.Name)]
public sealed class ValueTests(Peers peers) : IAsyncLifetime
{
    private static readonly string[] Fields =
    [
        "text", "short", "pattern", "editor", "number", "whole", "bounded", "flag", "email", "url", "date", "one", "many", "json",
        "single", "several",
    ];

    /// <summary>JSON as it is sent.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-1", "2.5", "1e3", "1e-3", "12345678901", "\"\"", "\" \"", "\"a\"", "\"abc\"", "\"abcdefghijk\"",
        "\"ABC\"", "\"0\"", "\"1\"", "\"-1\"", "\"2.5\"", "\" 5 \"", "\"1e3\"", "\"0x10\"", "\"1_000\"", "\"true\"", "\"false\"", "\"t\"", "\"yes\"", "\"null\"",
        "[]", "{}", "[\"a\"]", "[\"a\",\"b\"]", "[\"a\",\"a\"]", "[\"a\",\"nope\"]", "[1,2]", "[null]", "[true]", "[[\"a\"]]", "{\"a\":1}",
        "[\"tags00000000001\"]", "[\"tags00000000001\",\"tags00000000002\"]", "\"tags00000000001\"", "[\"tags00000000001\",\"missing00000000\"]",
        "\"a@example.com\"", "\"A@Example.COM\"", "\"a@b\"", "\"a b@example.com\"", "\"https://example.com\"", "\"http://a.b/c?d#e\"", "\"ftp://a.b\"",
        "\"example.com\"", "\"mailto:a@example.com\"", "\"javascript:alert(1)\"", "\"2024-01-02\"", "\"2024-01-02 03:04:05\"", "\"2024-01-02T03:04:05Z\"",
        "\"2024-01-02T03:04:05.123456Z\"", "\"2024-01-02T03:04:05+02:00\"", "\"2024-01-02 03:04:05.678Z\"", "\"2024-13-02\"", "\"03:04\"",
        "1700000000", "\"1700000000\"", "\"<p>a</p><script>x</script>\"", "\"ÄÖ日本😀\"", "\"a\\u0000b\"", "\"[\\\"a\\\",\\\"b\\\"]\"", "\"{\\\"a\\\": 1}\"",
        "\"\\\"quoted\\\"\"", "\"[1, 2]\"", "\"[broken\"", "{\"a\": {\"b\": [1, 2, {}]} }", "1.0", "100000000000000000000", "0.1", "\"\\t\"", "\"a\\nb\"",
    ];

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await peers.CreateCollectionOnceAsync("""
            {"id":"values000000000","name":"values","type":"base","listRule":"","viewRule":"","createRule":"","updateRule":"",
             "deleteRule":"","fields":[
                {"name":"text","type":"text"},
                {"name":"short","type":"text","min":2,"max":10},
                {"name":"pattern","type":"text","pattern":"^[a-z]+$"},
                {"name":"editor","type":"editor"},
                {"name":"number","type":"number"},
                {"name":"whole","type":"number","onlyInt":true},
                {"name":"bounded","type":"number","min":-1,"max":10},
                {"name":"flag","type":"bool"},
                {"name":"email","type":"email"},
                {"name":"url","type":"url"},
                {"name":"date","type":"date"},
                {"name":"one","type":"select","values":["a","b","c","1","true"]},
                {"name":"many","type":"select","maxSelect":2,"values":["a","b","c","1","2","true"]},
                {"name":"json","type":"json"},
                {"name":"single","type":"relation","collectionId":"tags00000000000"},
                {"name":"several","type":"relation","maxSelect":2,"collectionId":"tags00000000000"}]}
            """);
    }

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Every_field_makes_the_same_of_every_value()
    {
        var calls = new List<ApiCall>();
        foreach (var field in Fields)
        {
            foreach (var value in Values)
            {
                if (Exceptions.Contains((field, value))) continue;
                var id = string.Create(CultureInfo.InvariantCulture, $"value{calls.Count:D10}");
                calls.Add(new ApiCall("POST", "api/collections/values/records", $$"""{"id":"{{id}}","{{field}}":{{value}}}"""));
            }
        }

        await peers.AssertAllSameAsync(calls);
    }

    /// <summary>Pairs that are not compared, in groups of one reason each.</summary>
    private static readonly HashSet<(string Field, string Value)> Exceptions =
    [
        // 0.22 does not take a zero byte in JSON, though it does in text.
        ("json", "\"a\\u0000b\""),
        // Refused by both; 0.22 fails before it can say which field it was.
        ("url", "\"03:04\""),
    ];
}
