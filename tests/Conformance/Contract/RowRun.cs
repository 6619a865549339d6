using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platform.Testing.Files;
using Platform.Testing.Mail;

namespace Platform.Conformance.Tests.Contract;

/// <summary>Plays one row against its tenant.</summary>
internal sealed partial class RowRun(ContractServer server, string tenant, string name) : IAsyncDisposable
{
    private const int IdLength = 15;
    private const string Sentinel = "sentinels";

    private static readonly string[] Leaks = ["SELECT \"", "SELECT `", "INSERT INTO", "   at Platform", "/tmp/", "SQLite"];

    private readonly HttpClient _client = new() { BaseAddress = server.Url };
    private readonly Dictionary<string, string> _kept = new(server.Kept);
    private readonly Dictionary<string, string> _tokens = [];
    private readonly Dictionary<string, EventListener> _listeners = [];
    private SmtpReceiver? _mail;
    private JsonObject _row = [];

    public static Task<RowRun> StartAsync(ContractServer server, ContractRow row)
    {
        var content = row.Content;
        var readsOnly = StepRequest.MethodOf(content) is "get" or "head" or "options"
            && !content.ContainsKey("given") && !content.ContainsKey("then") && !content.ContainsKey("listen");
        var tenant = readsOnly ? ContractServer.Shared : server.Copy();
        return Task.FromResult(new RowRun(server, tenant, row.ToString()) { _row = content });
    }

    /// <summary>People and sample records have ids that tell who they are.</summary>
    public static string IdOf(string name) => name.PadRight(IdLength, '0');

    /// <summary>What steps have kept of their answers.</summary>
    public IReadOnlyDictionary<string, string> Kept => _kept;

    public async Task PlayAsync()
    {
        if (_row.ContainsKey("mail")) await ConnectMailAsync();
        foreach (var step in _row["given"] as JsonArray ?? []) await StepAsync(step!.AsObject());
        foreach (var (who, topics) in _row["listen"] as JsonObject ?? []) await ListenAsync(who, topics!.AsArray());
        await CheckAsync(_row, "guest", expectedStatus: 200);
        await CheckEventsAsync();
        await CheckMailAsync();
        foreach (var step in _row["then"] as JsonArray ?? []) await CheckAsync(step!.AsObject(), "root", expectedStatus: null);
    }

    /// <summary>A step that prepares something, as the superuser unless it says otherwise; it must succeed.</summary>
    public Task<Answer> StepAsync(JsonObject step) => CheckAsync(step, "root", expectedStatus: null);

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners.Values) listener.Dispose();
        if (_mail is not null) await _mail.DisposeAsync();
        _client.Dispose();
    }

    private async Task<Answer> CheckAsync(JsonObject step, string asDefault, int? expectedStatus)
    {
        using var request = StepRequest.Build(step, Fill);
        var who = step["as"]?.GetValue<string>() ?? asDefault;
        if (who != "guest") request.Headers.TryAddWithoutValidation("Authorization", TokenOf(who));
        request.Headers.Host ??= $"{tenant}.localhost";
        using var response = await _client.SendAsync(request);
        var answer = await Answer.ReadAsync(response);
        var isExpected = step["is"] is { } status
            ? answer.Status == status.GetValue<long>()
            : expectedStatus is { } usual ? answer.Status == usual : answer.Status is >= 200 and < 300;
        var expected = step["is"]?.ToString() ?? (expectedStatus is null ? "2xx" : "200");
        Require(isExpected, $"answered {answer.Status}, not {expected}", answer);
        CheckShape(answer);
        CheckContent(step, answer);
        foreach (var (key, path) in step["keep"] as JsonObject ?? []) _kept[key] = answer.Find(path!.GetValue<string>());
        return answer;
    }

    /// <summary>What holds for every answer.</summary>
    private void CheckShape(Answer answer)
    {
        Require(!answer.Text.Contains("$2a$", StringComparison.Ordinal), "the answer tells the hash of a password", answer);
        if (answer.Status < 400) return;
        foreach (var leak in Leaks)
            Require(!answer.Text.Contains(leak, StringComparison.Ordinal), $"the refusal tells \"{leak}\"", answer);
        if (answer.Text.Length == 0 || answer.Json?["mfaId"] is not null) return;
        var problem = Expectation.Mismatch(
            new JsonObject { ["status"] = answer.Status, ["message"] = "*", ["data"] = new JsonObject() }, answer.Json, "body");
        Require(problem is null, problem ?? "", answer);
    }

    private void CheckContent(JsonObject step, Answer answer)
    {
        if (step["has"] is { } body)
        {
            var problem = Expectation.Mismatch(StepRequest.Fill(body, Fill), answer.Json, "body");
            Require(problem is null, problem ?? "", answer);
        }

        if (step["errors"] is JsonObject codes)
        {
            var problem = Expectation.CodesMismatch(codes, answer.Json?["data"], "data");
            Require(problem is null, problem ?? "", answer);
        }

        foreach (var text in Texts(step["text"]))
            Require(answer.Text.Contains(Fill(text), StringComparison.Ordinal), $"lacks {text}", answer);
        foreach (var text in Texts(step["lacks"]))
            Require(!answer.Text.Contains(Fill(text), StringComparison.Ordinal), $"has {text}", answer);
        foreach (var member in Texts(step["without"]))
            Require(!Expectation.HasMember(answer.Json, member), $"has a member {member}", answer);
        if (step["picture"] is { } size)
        {
            var (width, height) = TestImage.SizeOf(answer.Body);
            Require($"{width}x{height}" == size.GetValue<string>(), $"no picture of {size}", answer);
        }

        foreach (var (header, expected) in step["answers"] as JsonObject ?? [])
        {
            var actual = answer.Header(header);
            var problem = Expectation.Mismatch(
                StepRequest.Fill(expected, Fill), actual is null ? null : JsonValue.Create(actual), header);
            Require(problem is null, problem ?? "", answer);
        }
    }

    private async Task ListenAsync(string who, JsonArray topics)
    {
        var listener = _listeners[who] = await EventListener.OpenAsync(_client, $"{tenant}.localhost");
        var subscriptions = new JsonArray([.. topics.Select(topic => StepRequest.Fill(topic, Fill)), Sentinel]);
        await CheckAsync(
            new JsonObject
            {
                ["as"] = who,
                ["post"] = "/api/realtime",
                ["send"] = new JsonObject { ["clientId"] = listener.Id, ["subscriptions"] = subscriptions },
            },
            "guest", expectedStatus: 204);
    }

    /// <summary>Events come in order: those before the sentinel's are all that the row caused.</summary>
    private async Task CheckEventsAsync()
    {
        if (_listeners.Count == 0) return;
        await StepAsync(new JsonObject { ["post"] = $"/api/collections/{Sentinel}/records", ["send"] = new JsonObject() });
        foreach (var (who, listener) in _listeners)
        {
            var events = await listener.ReadToAsync(Sentinel);
            var actual = new JsonArray([.. events.Select(item =>
            {
                var data = item.Data.DeepClone().AsObject();
                data["topic"] = item.Topic;
                return (JsonNode)data;
            })]);
            var expected = _row["events"]?[who] ?? new JsonArray();
            var problem = Expectation.Mismatch(StepRequest.Fill(expected, Fill), actual, $"events of {who}");
            if (problem is not null) throw new Xunit.Sdk.XunitException($"{name}: {problem} in {actual.ToJsonString()}");
            foreach (var member in Texts(_row["eventsWithout"]))
                Assert.False(Expectation.HasMember(actual, member), $"{name}: an event has {member}: {actual.ToJsonString()}");
        }
    }

    private async Task ConnectMailAsync()
    {
        _mail = new SmtpReceiver();
        await StepAsync(new JsonObject
        {
            ["patch"] = "/api/settings",
            ["send"] = new JsonObject
            {
                ["smtp"] = new JsonObject { ["enabled"] = true, ["host"] = "127.0.0.1", ["port"] = _mail.Port },
            },
        });
    }

    /// <summary>Mail goes out in order: one to eve follows, and what came before it is all that the row caused.</summary>
    private async Task CheckMailAsync()
    {
        if (_mail is null) return;
        await StepAsync(new JsonObject
        {
            ["post"] = "/api/collections/users/request-password-reset",
            ["send"] = new JsonObject { ["email"] = "eve@example.com" },
        });
        var expected = _row["mail"]!.AsArray();
        for (var index = 0; index < expected.Count; index++)
        {
            var mail = await _mail.WaitAsync(index);
            var row = expected[index]!.AsObject();
            Assert.True(mail.Recipient == Fill(row["to"]!.GetValue<string>()), $"{name}: mail to {mail.Recipient}");
            foreach (var text in Texts(row["text"]))
                Assert.True(mail.Html.Contains(Fill(text), StringComparison.Ordinal), $"{name}: no {text} in {mail.Html}");
            if (row["subject"] is { } subject) Assert.Equal(subject.GetValue<string>(), mail.Subject);
            foreach (var (key, after) in row["keep"] as JsonObject ?? []) _kept[key] = mail.After(after!.GetValue<string>());
        }

        var last = await _mail.WaitAsync(expected.Count);
        Assert.True(last.Recipient == "eve@example.com", $"{name}: unexpected mail to {last.Recipient}: {last.Subject}");
    }

    /// <summary>Who asks: a person, or one with an expired, forged or static token; or a token as it is.</summary>
    private string TokenOf(string who)
    {
        var text = Fill(who);
        if (_kept.TryGetValue(text, out var kept)) return kept;
        var words = text.Split(' ');
        return server.People.ContainsKey(words[^1])
            ? TokenMint.Create(server, "auth", words[^1], string.Join(' ', words[..^1]), "")
            : text;
    }

    private string Fill(string text) => Placeholder().Replace(text, match =>
    {
        var (flaws, kind, word) = (match.Groups["flaws"].Value, match.Groups["kind"].Value, match.Groups["word"].Value);
        if (kind.Length > 0)
        {
            // The same words are the same token throughout a row, whatever the clock says.
            if (!_tokens.TryGetValue(match.Value, out var token))
                _tokens[match.Value] = token = TokenMint.Create(server, kind, word, flaws, match.Groups["email"].Value);
            return token;
        }

        if (word == "client") return _listeners.Values.First().Id;
        if (_kept.TryGetValue(word, out var kept)) return kept;
        if (server.Collections.TryGetValue(word, out var collection)) return collection;
        return IdOf(word);
    });

    private void Require(bool condition, string problem, Answer answer)
    {
        if (condition) return;
        var text = answer.Text.Length > 2000 ? answer.Text[..2000] : answer.Text;
        throw new Xunit.Sdk.XunitException(string.Create(
            CultureInfo.InvariantCulture, $"{name}: {problem}\n{answer.Status} {text}"));
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => list.Select(item => item!.ToString()),
        _ => [node.ToString()],
    };

    // {ann} is an id; {auth ann}, {expired file ann}, {emailChange ann new@example.com} are tokens.
    [GeneratedRegex(@"\{(?:(?<flaws>expired |forged |static )?(?<kind>auth|file|verification|passwordReset|emailChange) )?(?<word>[a-zA-Z]\w{0,14})(?: (?<email>[^ }]+))?\}")]
    private static partial Regex Placeholder();
}
