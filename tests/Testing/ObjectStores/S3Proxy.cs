using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Testing.ObjectStores;

/// <summary>
/// A TCP proxy in front of an S3 server, for what the way to it and its limits can do: it can be slow, and it can
/// refuse every request with an answer of S3. Requests pass unchanged, so that signatures stay right.
/// </summary>
public sealed class S3Proxy : IAsyncDisposable
{
    private const int HeaderBytesMax = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _connections = [];
    private readonly int _port;
    private readonly Task _accepting;

    // Cancelled when the way of answering changes: connections of before end.
    private CancellationTokenSource _epoch = new();
    private (int Status, string Code)? _refusal;
    private TimeSpan _delay;
    private int _refused;

    /// <param name="server">Where requests go.</param>
    public S3Proxy(Uri server)
    {
        _port = server.Port;
        _listener.Start();
        Endpoint = new Uri(string.Create(
            CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));
        _accepting = AcceptAsync();
    }

    /// <summary>What clients use as the server's URL.</summary>
    public Uri Endpoint { get; }

    /// <summary>Requests that were answered with a refusal.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>From now on each piece of an answer is held this long.</summary>
    public void Delay(TimeSpan delay) => Change(refusal: null, delay);

    /// <summary>From now on every request is refused: 503 SlowDown, or 403 QuotaExceeded when the server is full.</summary>
    public void Refuse(int status, string code) => Change((status, code), TimeSpan.Zero);

    /// <summary>From now on requests pass.</summary>
    public void Pass() => Change(refusal: null, TimeSpan.Zero);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Pass();
        _listener.Stop();
        await _accepting;
        Task[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        await Task.WhenAll(connections);
        _listener.Dispose();
        _stopping.Dispose();
        _epoch.Dispose();
    }

    private void Change((int Status, string Code)? refusal, TimeSpan delay)
    {
        CancellationTokenSource before;
        lock (_gate)
        {
            before = _epoch;
            _epoch = new CancellationTokenSource();
            (_refusal, _delay) = (refusal, delay);
        }

        before.Cancel();
        before.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            lock (_gate)
            {
                _connections.RemoveWhere(connection => connection.IsCompleted);
                _connections.Add(ServeAsync(client, _refusal, _delay, _epoch.Token));
            }
        }
    }

    private async Task ServeAsync(
        TcpClient client, (int Status, string Code)? refusal, TimeSpan delay, CancellationToken cancellationToken)
    {
        // Not on the thread that holds the gate.
        await Task.Yield();
        using (client)
        {
            try
            {
                await (refusal is { } answer
                    ? RefuseAsync(client.GetStream(), answer.Status, answer.Code, cancellationToken)
                    : PassAsync(client.GetStream(), delay, cancellationToken));
            }
            catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException)
            {
                // Either side left, or the way of answering changed: the other side sees a broken connection.
                client.Close();
            }
        }
    }

    private async Task PassAsync(NetworkStream client, TimeSpan delay, CancellationToken cancellationToken)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = CopyAsync(client, server.GetStream(), TimeSpan.Zero, end.Token);
        var down = CopyAsync(server.GetStream(), client, delay, end.Token);
        var first = await Task.WhenAny(up, down);
        await end.CancelAsync();
        try
        {
            await Task.WhenAll(up, down);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await first;
        }
    }

    private static async Task CopyAsync(Stream from, Stream to, TimeSpan delay, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await Task.Delay(delay, TimeProvider.System, cancellationToken);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private async Task RefuseAsync(Stream client, int status, string code, CancellationToken cancellationToken)
    {
        await SkipRequestAsync(client, cancellationToken);
        var body = $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>By the proxy.</Message></Error>";
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {code}\r\nContent-Type: application/xml\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        await client.WriteAsync(Encoding.ASCII.GetBytes(head + body), cancellationToken);
        Interlocked.Increment(ref _refused);
    }

    /// <summary>Reads one request to its end: a connection that is closed before may lose its answer.</summary>
    private static async Task SkipRequestAsync(Stream client, CancellationToken cancellationToken)
    {
        var buffer = new byte[HeaderBytesMax];
        var length = 0;
        int end;
        do
        {
            var read = await client.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                throw new IOException("The client left within a request.");
            }

            length += read;
            end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
        }
        while (end < 0);

        var lines = Encoding.ASCII.GetString(buffer, 0, end).Split("\r\n");
        string? Value(string name) => lines
            .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
        if (Value("Expect") is not null)
        {
            return;
        }

        var left = long.Parse(Value("Content-Length") ?? "0", CultureInfo.InvariantCulture) - (length - end - 4);
        while (left > 0 && await client.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            left -= read;
        }
    }
}
