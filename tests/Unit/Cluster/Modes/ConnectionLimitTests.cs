using System.Net;
using System.Net.Sockets;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Modes;

/// <summary><c>platform.http.connections-max</c> is a limit for clients, and never one for operators.</summary>
public sealed class ConnectionLimitTests
{
    private const int ConnectionsMax = 10;

    [Fact]
    public async Task One_connection_too_many_is_closed_at_once_and_the_others_and_the_internal_listener_go_on()
    {
        await using var node = await NodeFixture.StartAsync(
            "platform.http.internal-listen=127.0.0.1:0", $"platform.http.connections-max={ConnectionsMax}");
        var open = new List<Socket>();
        try
        {
            for (var count = 0; count < ConnectionsMax; count++)
            {
                open.Add(await ConnectAsync(node.Node.PublicUrl));
                Assert.StartsWith("HTTP/1.1 ", await AskAsync(open[^1]), StringComparison.Ordinal);
            }

            using (var tooMany = await ConnectAsync(node.Node.PublicUrl)) Assert.Equal("", await AskAsync(tooMany));
            Assert.StartsWith("HTTP/1.1 ", await AskAsync(open[0]), StringComparison.Ordinal);
            using var operators = await ConnectAsync(node.Node.InternalUrl!);
            Assert.StartsWith("HTTP/1.1 200", await AskAsync(operators), StringComparison.Ordinal);

            open[0].Dispose();
            await Platform.Testing.Eventually.TrueAsync(async () =>
            {
                using var next = await ConnectAsync(node.Node.PublicUrl);
                return (await AskAsync(next)).Length > 0;
            });
        }
        finally
        {
            foreach (var socket in open) socket.Dispose();
        }
    }

    private static async Task<Socket> ConnectAsync(Uri url)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, url.Port);
        return socket;
    }

    /// <summary>The beginning of the answer; empty when the connection was closed.</summary>
    private static async Task<string> AskAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync("GET /alive HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray());
            var buffer = new byte[4096];
            var length = await socket.ReceiveAsync(buffer);
            return System.Text.Encoding.ASCII.GetString(buffer, 0, length);
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
