using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Platform.TenantShard.Mail;

/// <summary>One conversation with a mail server: commands out, replies of one or more lines in.</summary>
internal sealed class SmtpConnection(NetworkStream network) : IAsyncDisposable
{
    /// <summary>Bytes of one reply; RFC 5321 has 512 for a line.</summary>
    private const int ReplyBytesMax = 16 << 10;

    private readonly byte[] _buffer = new byte[1024];
    private Stream _stream = network;
    private List<string> _offers = [];
    private int _start;
    private int _end;

    public bool IsSecure => _stream is SslStream;

    public bool IsLoopback => network.Socket.RemoteEndPoint is IPEndPoint point && IPAddress.IsLoopback(point.Address);

    /// <summary>True when the server has said that it knows the extension.</summary>
    public bool Offers(string extension) =>
        _offers.Exists(line => line.Split(' ')[0].Equals(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>Goes on encrypted; what was read before in the clear is forgotten, it could be anybody's.</summary>
    public async Task SecureAsync(
        string host, RemoteCertificateValidationCallback? trust, CancellationToken cancellationToken)
    {
        var secure = new SslStream(_stream);
        _stream = secure;
        (_start, _end, _offers) = (0, 0, []);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = trust },
            cancellationToken);
    }

    public async Task HelloAsync(string name, CancellationToken cancellationToken) =>
        _offers = (await AskAsync($"EHLO {name}", 250, cancellationToken))[1..];

    /// <summary>Sends a command and expects a code; the answer is the text of each line.</summary>
    /// <exception cref="SmtpException">Another code came.</exception>
    public async Task<List<string>> AskAsync(string command, int code, CancellationToken cancellationToken)
    {
        if (command.AsSpan().ContainsAny('\r', '\n')) throw new SmtpException("A value has a line break.", true);
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), cancellationToken);
        return await ExpectAsync(code, cancellationToken);
    }

    /// <exception cref="SmtpException">Another code came.</exception>
    public async Task<List<string>> ExpectAsync(int code, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var bytes = 0;
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken);
            if ((bytes += line.Length) > ReplyBytesMax)
                throw new SmtpException("The mail server's reply is too long.", isPermanent: false);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), CultureInfo.InvariantCulture, out var actual))
                throw new SmtpException("The server does not speak SMTP.", isPermanent: false);
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-') continue;
            // Codes from 500 on mean that the same will be refused again.
            if (actual != code) throw new SmtpException($"The mail server answers: {line}", actual >= 500);
            return lines;
        }
    }

    /// <summary>Sends a message; a line of a single dot ends it, so dots at the start of lines are doubled.</summary>
    public async Task SendContentAsync(byte[] content, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(content).Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n.\r\n"), cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync("QUIT", 221, cancellationToken);
        }
        catch (Exception error) when (error is IOException or SmtpException or OperationCanceledException)
        {
            // The server may hang up first.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await network.DisposeAsync();
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        while (true)
        {
            while (_start < _end)
            {
                var next = _buffer[_start++];
                if (next == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
                line.Add(next);
            }

            if (line.Count > ReplyBytesMax)
                throw new SmtpException("The mail server's reply is too long.", isPermanent: false);
            _start = 0;
            _end = await _stream.ReadAsync(_buffer, cancellationToken);
            if (_end == 0) throw new IOException("The mail server has hung up.");
        }
    }
}
