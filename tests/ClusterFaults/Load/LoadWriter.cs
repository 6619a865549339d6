using System.Globalization;
using System.Text.Json;
using Platform.ClusterFaults.Tests.Checking;

namespace Platform.ClusterFaults.Tests.Load;

/// <summary>One client that writes and reads without a pause to speak of, and writes down what it was told.</summary>
internal sealed class LoadWriter(TenantClient client, History history, int number, Random random) : IDisposable
{
    public const string Shared = "counter00shared";

    /// <summary>Between two requests, so that the machine has time for the cluster too.</summary>
    private const int PauseMillisecondsMax = 30;

    private readonly List<string> _mine = [];
    private long _acknowledged;
    private int _next;

    public static string CounterOf(int writer) => string.Create(CultureInfo.InvariantCulture, $"counter{writer:d8}");

    /// <summary>Its acknowledged writes.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            // The request goes on when the load is told to stop: its answer belongs into the history.
            var operation = await AskAsync(random.Next(10));
            history.Add(operation);
            if (operation is { Outcome: Outcome.Acknowledged, Kind: not (OperationKind.ReadCounter or OperationKind.ReadRecord) })
                Interlocked.Increment(ref _acknowledged);
            if (operation is { Outcome: Outcome.Acknowledged, Kind: OperationKind.Create }) _mine.Add(operation.Key);
            await Task.Delay(random.Next(PauseMillisecondsMax), CancellationToken.None);
        }
    }

    public void Dispose() => client.Dispose();

    private Task<Operation> AskAsync(int dice) => dice switch
    {
        < 3 => CreateAsync(),
        < 5 => AddAsync(CounterOf(number)),
        < 6 => AddAsync(Shared),
        < 7 => ClaimAsync(),
        < 8 => ReadCounterAsync(random.Next(2) == 0 ? Shared : CounterOf(number)),
        _ => _mine.Count == 0 ? CreateAsync() : ReadRecordAsync(_mine[^(1 + random.Next(Math.Min(20, _mine.Count)))]),
    };

    private async Task<Operation> CreateAsync()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"w{number:d3}n{_next++:d10}");
        var started = History.Now;
        var (status, body) = await client.AskAsync("POST", "api/collections/notes/records", new { id, text = Filler() });
        return Tell(OperationKind.Create, id, Judge(status, body), started, status, body);
    }

    private async Task<Operation> AddAsync(string counter)
    {
        var started = History.Now;
        var change = new Dictionary<string, int> { ["n+"] = 1 };
        var (status, body) = await client.AskAsync("PATCH", $"api/collections/counters/records/{counter}", change);
        var outcome = Judge(status, body);
        var value = outcome == Outcome.Acknowledged ? body.GetProperty("n").GetInt64() : 0;
        return Tell(OperationKind.Add, counter, outcome, started, status, body, value);
    }

    private async Task<Operation> ReadCounterAsync(string counter)
    {
        var started = History.Now;
        var (status, body) = await client.AskAsync("GET", $"api/collections/counters/records/{counter}");
        var outcome = Judge(status, body);
        var value = outcome == Outcome.Acknowledged ? body.GetProperty("n").GetInt64() : 0;
        return Tell(OperationKind.ReadCounter, counter, outcome, started, status, body, value);
    }

    private async Task<Operation> ReadRecordAsync(string id)
    {
        var started = History.Now;
        var (status, body) = await client.AskAsync("GET", $"api/collections/notes/records/{id}");
        var outcome = status == 404 && IsOfRecord(body) ? Outcome.Denied : Judge(status, body);
        return Tell(OperationKind.ReadRecord, id, outcome, started, status, body);
    }

    /// <summary>All writers want the same keys, in the same order, so that they meet.</summary>
    private async Task<Operation> ClaimAsync()
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"key{history.Operations.Count / 25}");
        var record = string.Create(CultureInfo.InvariantCulture, $"w{number:d3}c{_next++:d10}");
        var started = History.Now;
        var (status, body) = await client.AskAsync("POST", "api/collections/claims/records", new { id = record, key });
        var outcome = status == 400 && body.ToString().Contains("\"key\"", StringComparison.Ordinal)
            ? Outcome.Denied
            : Judge(status, body);
        return Tell(OperationKind.Claim, key, outcome, started, status, body, 0, record);
    }

    private static Operation Tell(
        OperationKind kind, string key, Outcome outcome, long started, int status, JsonElement body, long value = 0,
        string record = "") =>
        new(kind, key, outcome, value, started, History.Now, record,
            outcome is Outcome.Unknown or Outcome.Wrong ? $"{status} {body}" : "");

    private static Outcome Judge(int status, JsonElement body) => status switch
    {
        200 when body.ValueKind == JsonValueKind.Object => Outcome.Acknowledged,
        0 or 429 or 502 or 503 or 504 => Outcome.Unknown,
        _ => Outcome.Wrong,
    };

    /// <summary>A 404 of the tenant, not one of a gateway that knows no such tenant.</summary>
    private static bool IsOfRecord(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("message", out var message)
        && message.GetString()!.Contains("resource", StringComparison.Ordinal);

    private string Filler() => new((char)('a' + random.Next(26)), 50 + random.Next(400));
}
