using System.Globalization;
using System.Text;
using Platform.TenantShard.Tests.Http;
using Xunit.Abstractions;

namespace Platform.TenantShard.Tests.Fuzzing;

/// <summary>
/// Damaged requests through the whole pipeline: whatever comes, the answer is no fault and tells nothing of the inside,
/// it comes in time, and no statement touches what the requests have no business with.
/// </summary>
public sealed class RequestFuzzTests(ITestOutputHelper output)
{
    private const string CountVariable = "FUZZ_REQUESTS";
    private const string SeedVariable = "FUZZ_SEED";

    /// <summary>No request of this size is near it, however busy the machine.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>What no request has, so that no answer can repeat it.</summary>
    private static readonly string[] Secrets =
        ["INSERT INTO", "SELECT \"", "   at Platform", ".cs:line", "SQLite Error", "data.db", "hidden treasure"];

    /// <summary>Of the schema and its own rows: read by the shard itself.</summary>
    private static readonly HashSet<string> Known =
    [
        "_collections", "_params", "_superusers", "_externalAuths", "_mfas", "_otps", "_authOrigins", "_migrations", "sqlite_master", "sqlite_schema",
        "_storedFiles", "_removed-files", "json_each", "", "users", "fuzzed", "others",
    ];

    [Fact]
    public async Task Damaged_requests_get_an_answer_and_touch_nothing_else()
    {
        var (count, seed) = (Read(CountVariable, 3000), Read(SeedVariable, 1));
        await using var server = await StartAsync();
        var user = await server.LoginAsync("users", "a@example.com", "12345678");
        var reads = SqlWitness.Watch(server.Shard.Reader);
        var writes = SqlWitness.Watch(server.Shard.Writer);
        var generator = new FuzzGenerator(seed, user, "Bearer " + user);
        var statuses = new SortedDictionary<int, int>();
        for (var i = 0; i < count; i++)
        {
            var request = generator.Next();
            var status = await SendAsync(server, request, $"seed {seed}, request {i}");
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        output.WriteLine($"{count} requests from seed {seed}: {string.Join(", ", statuses.Select(each => $"{each.Value} x {each.Key}"))}");
        Assert.True(statuses.GetValueOrDefault(200) > count / 20, "too few requests were good enough to get far");
        AssertTouched(reads.Seen, isWriter: false);
        AssertTouched(writes.Seen, isWriter: true);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/collections/fuzzed/records?perPage=1")).Status);
    }

    private static int Read(string variable, int missing) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : missing;

    private static async Task<ApiServer> StartAsync()
    {
        var server = await ApiServer.StartAsync(bodyBytesMax: 100_000);
        const string Open = """ "listRule":"","viewRule":"","createRule":"","updateRule":"","deleteRule":null """;
        await server.CreateCollectionAsync("""{"id":"vault0000000000","name":"vault","type":"base","fields":[{"type":"text","name":"secret"}]}""");
        await server.CreateCollectionAsync($$"""
            {"id":"others000000000","name":"others","type":"base",{{Open}},"fields":[{"type":"text","name":"title"}]}
            """);
        await server.CreateCollectionAsync($$"""
            {"id":"fuzzed000000000","name":"fuzzed","type":"base",{{Open}},"fields":[
                {"type":"text","name":"title"},{"type":"number","name":"number"},{"type":"bool","name":"flag"},{"type":"date","name":"date"},
                {"type":"select","name":"list","maxSelect":3,"values":["red","green","blue"]},{"type":"json","name":"data"},{"type":"email","name":"mail"},
                {"type":"url","name":"link"},{"type":"editor","name":"text"},{"type":"geoPoint","name":"place"},{"type":"file","name":"files","maxSelect":3},
                {"type":"relation","name":"other","collectionId":"others000000000"},
                {"type":"relation","name":"many","maxSelect":5,"collectionId":"others000000000"}]}
            """);
        var root = await server.SuperuserTokenAsync();
        await server.CreateAsync("vault", """{"secret":"hidden treasure"}""", root);
        await server.CreateAsync("others", """{"id":"other0000000001","title":"other"}""", root);
        await server.CreateAsync("fuzzed", """{"id":"fuzzed000000001","title":"a","other":"other0000000001","many":["other0000000001"]}""", root);
        await server.CreateAsync("users", """{"email":"a@example.com","password":"12345678","passwordConfirm":"12345678"}""", root);
        return server;
    }

    private static async Task<int> SendAsync(ApiServer server, FuzzRequest request, string which)
    {
        using var message = request.ToMessage(server.Client.BaseAddress!);
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            using var response = await server.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            var status = (int)response.StatusCode;
            // An opened event stream has no end.
            var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
            var body = isStream ? "" : Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(deadline.Token));
            Assert.True(status < 500, $"{which}: {status} {body}\n{request}");
            if (status >= 400)
                foreach (var secret in Secrets) Assert.False(body.Contains(secret, StringComparison.Ordinal), $"{which}: tells \"{secret}\": {body}\n{request}");
            Assert.False(body.Contains("hidden treasure", StringComparison.Ordinal), $"{which}: reads what is locked\n{request}");
            return status;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{which}: no answer in {Deadline.TotalSeconds} s\n{request}");
        }
    }

    private static void AssertTouched(IEnumerable<string> seen, bool isWriter)
    {
        foreach (var each in seen)
        {
            var (what, name) = each.Split(' ', 2) is [var first, var second] ? (first, second) : (each, "");
            var isFine = what switch
            {
                "select" or "transaction" => true,
                "call" => name is not ("load_extension" or "writefile" or "readfile" or "edit" or "fts3_tokenizer"),
                "read" => Known.Contains(name),
                "insert" or "update" => isWriter && Known.Contains(name),
                "delete" => isWriter && name is "_otps" or "_mfas" or "_authOrigins" or "_storedFiles" or "_removed-files",
                // Counted by the platform itself: PRAGMA data_version and its like. And the tables that come with the first file.
                "action" => name.StartsWith("19 ", StringComparison.Ordinal) || (isWriter && IsOfFiles(name)),
                _ => false,
            };
            Assert.True(isFine, $"a {(isWriter ? "writer" : "reader")} did: {each}");
        }
    }

    private static bool IsOfFiles(string name) =>
        name.Contains("_storedFiles", StringComparison.Ordinal) || name.Contains("_removed-files", StringComparison.Ordinal);
}
