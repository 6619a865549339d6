using System.Diagnostics;
using System.Net;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Isolation;

/// <summary>
/// A tenant that asks for all of a node's memory, or for its processors without end, is stopped; its neighbour is served.
/// </summary>
public sealed class GreedyTenantTests : IAsyncLifetime
{
    private PlatformProcess _platform = null!;

    public async Task InitializeAsync() => _platform = await PlatformProcess.StartAsync(new PlatformSettings
    {
        Values = new Dictionary<string, string>
        {
            ["tenant-node.memory-budget"] = "64MiB",
            ["tenant-node.statement-memory"] = "128MiB",
        },
    });

    public async Task DisposeAsync() => await _platform.DisposeAsync();

    [Theory]
    // Sorts are in memory.
    [InlineData("SELECT length(b) FROM (SELECT zeroblob(1000000) AS b, x FROM n ORDER BY 1, 2 LIMIT 2999)", "")]
    [InlineData("SELECT x, zeroblob(1000000) AS b FROM n ORDER BY 2, 1", "CREATE TABLE big AS ")]
    public async Task A_query_that_wants_all_memory_is_stopped_and_the_neighbour_is_served(string select, string before)
    {
        const string Numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 3000) ";
        var query = before + Numbers + select;
        using var greedy = await _platform.CreateTenantAsync("greedy");
        using var neighbour = await _platform.CreateTenantAsync("neighbour");
        await neighbour.CreateOpenCollectionAsync("notes", new { name = "title", type = "text" });

        var asked = greedy.PostAsync("api/sql", new { query });
        do await neighbour.CreateRecordAsync("notes", new { title = "served" });
        while (!asked.IsCompleted);

        var answer = await asked;
        Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, answer.Text);
        Assert.Contains("memory", answer.Message, StringComparison.Ordinal);
        (await greedy.PostAsync("api/sql", new { query = "SELECT 1" })).Expect(HttpStatusCode.OK);
        var status = await File.ReadAllLinesAsync($"/proc/{_platform.ProcessId}/status");
        var peak = status.First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        Assert.True(long.Parse(string.Concat(peak.Where(char.IsAsciiDigit))) < 1_500_000, peak);
    }

    [Fact]
    public async Task A_query_that_writes_for_ever_ends_at_its_deadline()
    {
        using var greedy = await _platform.CreateTenantAsync("endless");
        const string Query = """
            WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
            UPDATE _params SET id = id WHERE (SELECT sum(x) FROM n) = 1
            """;
        var started = Stopwatch.GetTimestamp();

        var answer = await greedy.PostAsync("api/sql", new { query = Query });

        Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, answer.Text);
        Assert.Contains("took too long and was undone", answer.Message, StringComparison.Ordinal);
        // One deadline of 10 s, not another one for a second attempt.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(17));
    }
}
