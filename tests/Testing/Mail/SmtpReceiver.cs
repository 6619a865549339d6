using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Platform.Testing.Mail;

/// <summary>A mail server on loopback that keeps what it gets.</summary>
public sealed class SmtpReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly ConcurrentQueue<ReceivedMail> _mails = new();
    private readonly Task _accepting;
    private int _refusals;

    public SmtpReceiver()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Offers STARTTLS with it.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Takes connections and says nothing.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The answer to every recipient when set.</summary>
    public string? Refusal { get; set; }

    public IReadOnlyList<ReceivedMail> Mails => [.. _mails];

    /// <summary>Connections so far.</summary>
    public int Connections => _conversations.Count;

    /// <summary>Answers so many messages with "try again later".</summary>
    public void RefuseNext(int count) => Volatile.Write(ref _refusals, count);

    /// <summary>Waits for the message of that place, with a bound.</summary>
    public async Task<ReceivedMail> WaitAsync(int index)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_mails.Count <= index) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, bound.Token);
        return Mails[index];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_conversations);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _conversations.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                if (IsSilent) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                await ConverseAsync(client.GetStream());
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or InvalidOperationException)
            {
                // Stopped, or the client has hung up.
            }
        }
    }

    private async Task ConverseAsync(Stream stream)
    {
        var (sender, recipient, credentials, isSecure) = ("", "", "", false);
        await SayAsync(stream, "220 test");
        while (await HearAsync(stream) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await SayAsync(stream, Certificate is null || isSecure
                        ? "250-test\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME"
                        : "250-test\r\n250 STARTTLS");
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go on");
                    var secure = new SslStream(stream);
                    await secure.AuthenticateAsServerAsync(Certificate!);
                    (stream, isSecure) = (secure, true);
                    break;
                case "AUTH":
                    credentials = line.Contains("PLAIN", StringComparison.Ordinal)
                        ? Decode(line[11..])
                        : $"{await PromptAsync(stream)}/{await PromptAsync(stream)}";
                    await SayAsync(stream, credentials.Contains("wrong", StringComparison.Ordinal) ? "535 no" : "235 ok");
                    break;
                case "MAIL":
                    sender = Address(line);
                    await SayAsync(stream, Interlocked.Decrement(ref _refusals) >= 0 ? "451 later" : "250 ok");
                    break;
                case "RCPT":
                    recipient = Address(line);
                    await SayAsync(stream, Refusal ?? "250 ok");
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    _mails.Enqueue(new ReceivedMail(
                        sender, recipient, await ReadContentAsync(stream), credentials, isSecure));
                    await SayAsync(stream, "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "500 what");
                    break;
            }
        }
    }

    private async Task<string> PromptAsync(Stream stream)
    {
        await SayAsync(stream, "334 ");
        return Decode(await HearAsync(stream) ?? "");
    }

    private async Task<string> ReadContentAsync(Stream stream)
    {
        var content = new StringBuilder();
        while (await HearAsync(stream) is { } line && line != ".")
            content.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        return content.ToString();
    }

    private async Task SayAsync(Stream stream, string text) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), _stop.Token);

    private async Task<string?> HearAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }

        return null;
    }

    private static string Decode(string text) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(text)).Replace("\0", "/", StringComparison.Ordinal);

    private static string Address(string line) =>
        line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]
            .ToString(CultureInfo.InvariantCulture);
}
