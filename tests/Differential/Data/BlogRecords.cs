using System.Globalization;
using System.Text.Json.Nodes;
using Platform.Differential.Tests.Support;

namespace Platform.Differential.Tests.Data;

/// <summary>
/// The records of both servers: made from one fixed seed, rich in values that are easy to get wrong (wildcards,
/// quotes, backslashes, letters of other scripts, numbers in texts, dates at midnight, empty and null).
/// </summary>
internal static class BlogRecords
{
    public const string Password = "correct horse battery";

    public static IReadOnlyList<string> Users { get; } = ["anna", "bert", "carl"];

    /// <summary>Texts for fields and for the right sides of comparisons.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        "", "a", "A", "abc", "ABC", "a%b", "a_b", "%", "_", "\\", "a\\b", "a\\%b", "it's", "say \"hi\"", "0", "1", "1.0", "01", "-5",
        "2.5", "true", "false", "null", "Ärger", "ärger", "日本語", "😀", " lead", "trail ", "two words", "2024-01-02",
        "[]", "[\"a\"]", "{}", "x//y", "(1)", "red", "\t", "a\nb",
    ];

    private static readonly string[] Dates =
    [
        "", "2024-01-02 03:04:05.678Z", "2024-01-02 00:00:00.000Z", "1999-12-31 23:59:59.999Z", "2030-06-15 12:00:00.000Z",
        "2024-02-29 10:00:00.000Z",
    ];

    private static readonly string[] Documents =
    [
        "null", "0", "1", "2.5", "true", "false", "\"\"", "\"a\"", "[]", "{}", "[1,2,3]", "[\"a\",\"b\"]", "{\"a\":1}",
        "{\"a\":{\"b\":\"c\"}}", "{\"a\":null}", "{\"a\":\"\"}", "{\"list\":[{\"x\":1},{\"x\":\"A\"}]}", "{\"a\":[1,\"x\"]}", "{\"a\":\"1\"}",
        "{\"a\":true}", "{\"a\":false,\"b\":0}", "\"null\"", "{\"a\":\"%\"}",
    ];

    private static readonly double[] Numbers = [0, 1, -1, 2.5, 10, 100, -5, 1e15, 0.1, 123456789.125, 5];

    public static async Task CreateAsync(Peers peers)
    {
        var random = new Random(20240102);
        foreach (var (collection, count, make) in Tables())
            for (var i = 0; i < count; i++) await peers.CreateRecordAsync(collection, make(random, i));
    }

    /// <summary>The id of the n-th record of a collection.</summary>
    public static string Id(string collection, int n) =>
        string.Create(CultureInfo.InvariantCulture, $"{collection}{n:D15}")[..(collection.Length)]
            + n.ToString(CultureInfo.InvariantCulture).PadLeft(15 - collection.Length, '0');

    public static string Pick(Random random, IReadOnlyList<string> values) => values[random.Next(values.Count)];

    private static (string Collection, int Count, Func<Random, int, JsonObject> Make)[] Tables() =>
    [
        ("tags", 12, Tag), ("members", 3, Member), ("authors", 12, Author), ("posts", 30, Post), ("comments", 30, Comment),
    ];

    private static JsonObject Tag(Random random, int n) => new()
    {
        ["id"] = Id("tags", n),
        ["label"] = Pick(random, Texts),
        ["weight"] = Numbers[random.Next(Numbers.Length)],
        ["kind"] = Pick(random, ["", "a", "b", "c"]),
    };

    private static JsonObject Member(Random random, int n) => new()
    {
        ["id"] = Id("members", n),
        ["username"] = Users[n],
        ["email"] = $"{Users[n]}@example.com",
        ["emailVisibility"] = n == 0,
        ["password"] = Password,
        ["passwordConfirm"] = Password,
        ["name"] = Pick(random, Texts),
        ["age"] = n * 20,
    };

    private static JsonObject Author(Random random, int n) => new()
    {
        ["id"] = Id("authors", n),
        ["name"] = Pick(random, Texts),
        ["age"] = Numbers[random.Next(Numbers.Length)],
        ["active"] = random.Next(2) == 0,
        ["born"] = Pick(random, Dates),
        ["roles"] = Some(random, ["writer", "editor", "chief"]),
        ["profile"] = JsonNode.Parse(Pick(random, Documents)),
        ["member"] = random.Next(3) == 0 ? "" : Id("members", random.Next(3)),
    };

    private static JsonObject Post(Random random, int n) => new()
    {
        ["id"] = Id("posts", n),
        ["title"] = Pick(random, Texts),
        ["body"] = random.Next(3) == 0 ? "" : $"<p>{Pick(random, Texts)} <b>bold</b></p>",
        ["views"] = Numbers[random.Next(Numbers.Length)],
        ["live"] = random.Next(2) == 0,
        ["published"] = Pick(random, Dates),
        ["status"] = Pick(random, ["", "draft", "public", "old"]),
        ["labels"] = Some(random, ["red", "green", "blue", "%", "_"]),
        ["link"] = Pick(random, ["", "https://example.com/a?b=1", "http://example.org"]),
        ["mail"] = Pick(random, ["", "a@example.com", "b@example.org"]),
        ["meta"] = JsonNode.Parse(Pick(random, Documents)),
        ["author"] = random.Next(4) == 0 ? "" : Id("authors", random.Next(12)),
        ["tags"] = Some(random, [.. Enumerable.Range(0, 12).Select(tag => Id("tags", tag))]),
    };

    private static JsonObject Comment(Random random, int n) => new()
    {
        ["id"] = Id("comments", n),
        ["post"] = random.Next(8) == 0 ? "" : Id("posts", random.Next(25)),
        ["mentions"] = Some(random, [.. Enumerable.Range(0, 12).Select(author => Id("authors", author))]),
        ["body"] = Pick(random, Texts),
        ["score"] = Numbers[random.Next(Numbers.Length)],
    };

    /// <summary>None to three of the values, each once.</summary>
    private static JsonArray Some(Random random, string[] values)
    {
        var chosen = new JsonArray();
        for (var left = random.Next(4); left > 0; left--)
        {
            var value = values[random.Next(values.Length)];
            if (!chosen.Any(item => item!.GetValue<string>() == value)) chosen.Add(value);
        }

        return chosen;
    }
}
