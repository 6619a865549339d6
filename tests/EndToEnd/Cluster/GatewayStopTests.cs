using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>A gateway that is asked to stop, as its clients see it on a connection that they keep.</summary>
public sealed class GatewayStopTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    [Fact]
    public async Task A_gateway_that_stops_ends_kept_connections_with_an_answer_and_streams_at_the_end()
    {
        await NotesTenant.CreateAsync(cluster, "parting");
        using var kept = await ConnectAsync();
        Assert.DoesNotContain("Connection: close", await AskAsync(kept, "api/health"), StringComparison.OrdinalIgnoreCase);
        using var stream = await ConnectAsync();
        Assert.Contains("PB_CONNECT", await AskAsync(stream, "api/realtime", "PB_CONNECT"), StringComparison.Ordinal);

        var started = Stopwatch.GetTimestamp();
        var restarted = cluster.RestartAsync("gw1");
        string answer;
        do answer = await AskAsync(kept, "api/health");
        while (!answer.Contains("Connection: close", StringComparison.OrdinalIgnoreCase));

        // The last answer was whole, and only then the connection ended.
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(0, await kept.GetStream().ReadAsync(new byte[1]));
        await DrainAsync(stream);
        await restarted;

        // A stream without an end did not hold the process back until its shutdown timeout.
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(25));
        Assert.Equal(200, (await cluster.ClientAsync("parting", "GET", "api/health")).Status);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        var gateway = cluster.Processes["gw1"].Public;
        await client.ConnectAsync(gateway.Host, gateway.Port);
        return client;
    }

    /// <summary>One request; what came until its answer was whole, or until <paramref name="until"/> came.</summary>
    private static async Task<string> AskAsync(TcpClient client, string path, string? until = null)
    {
        var request = $"GET /{path} HTTP/1.1\r\nHost: parting.localhost\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(answer.ToString(), until))
        {
            var count = await client.GetStream().ReadAsync(buffer);
            Assert.True(count > 0, $"The connection ended within an answer: {answer}");
            answer.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return answer.ToString();
    }

    /// <summary>The answers of the API are small JSON documents, of a known length or in one chunk.</summary>
    private static bool IsWhole(string answer, string? until) => until is not null
        ? answer.Contains(until, StringComparison.Ordinal)
        : answer.Contains("\r\n\r\n", StringComparison.Ordinal)
            && (answer.EndsWith('}') || answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal));

    /// <summary>Reads to the end, whichever way it comes.</summary>
    private static async Task DrainAsync(TcpClient client)
    {
        var buffer = new byte[4096];
        try
        {
            while (await client.GetStream().ReadAsync(buffer) > 0)
            {
                // Events that were under way.
            }
        }
        catch (IOException)
        {
            // Cut: clients of realtime connect again just the same.
        }
    }
}
