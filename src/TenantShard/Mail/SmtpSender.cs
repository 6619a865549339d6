using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Platform.TenantShard.Net;

namespace Platform.TenantShard.Mail;

/// <summary>Hands a message to a mail server (RFC 5321), within a time.</summary>
/// <param name="outbound">Where the node may connect to.</param>
/// <param name="timeout">For all of it: connecting, talking and sending.</param>
/// <param name="clock">The time.</param>
/// <param name="trust">Judges certificates; null = the system does.</param>
internal sealed class SmtpSender(
    OutboundPolicy outbound, TimeSpan timeout, TimeProvider clock, RemoteCertificateValidationCallback? trust = null)
{
    /// <exception cref="SmtpException">The message was not taken, or nobody knows.</exception>
    /// <exception cref="OperationCanceledException">The caller does not want it any more.</exception>
    public async Task SendAsync(SmtpSettings settings, MailMessage message, CancellationToken cancellationToken)
    {
        var content = MimeText.Write(message, clock.GetUtcNow());
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await DeliverAsync(settings, message, content, both.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SmtpException("The mail server does not answer in time.", isPermanent: false, late);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new SmtpException("The connection to the mail server failed.", isPermanent: false, error);
        }
        catch (AuthenticationException error)
        {
            throw new SmtpException("The mail server's certificate is not trusted.", isPermanent: true, error);
        }
        catch (OutboundRefusedException error)
        {
            throw new SmtpException(error.Message, isPermanent: true, error);
        }
    }

    private async Task DeliverAsync(
        SmtpSettings settings, MailMessage message, byte[] content, CancellationToken cancellationToken)
    {
        await using var connection = new SmtpConnection(
            await outbound.ConnectAsync(settings.Host, settings.Port, cancellationToken));
        if (settings.IsTls) await connection.SecureAsync(settings.Host, trust, cancellationToken);
        await connection.ExpectAsync(220, cancellationToken);
        await connection.HelloAsync(settings.LocalName, cancellationToken);
        if (!settings.IsTls && connection.Offers("STARTTLS"))
        {
            await connection.AskAsync("STARTTLS", 220, cancellationToken);
            await connection.SecureAsync(settings.Host, trust, cancellationToken);
            await connection.HelloAsync(settings.LocalName, cancellationToken);
        }

        if (settings.Username.Length > 0 || settings.Password.Length > 0)
            await AuthenticateAsync(connection, settings, cancellationToken);
        var extension = connection.Offers("SMTPUTF8") ? " SMTPUTF8" : "";
        if (extension.Length == 0 && !Ascii.IsValid(message.SenderAddress + message.Recipient))
            throw new SmtpException("The mail server takes no such address.", isPermanent: true);
        await connection.AskAsync($"MAIL FROM:<{message.SenderAddress}>{extension}", 250, cancellationToken);
        await connection.AskAsync($"RCPT TO:<{message.Recipient}>", 250, cancellationToken);
        await connection.AskAsync("DATA", 354, cancellationToken);
        await connection.SendContentAsync(content, cancellationToken);
        await connection.ExpectAsync(250, cancellationToken);
        // From here on the server has the message; what becomes of the farewell changes nothing.
        await connection.LeaveAsync(cancellationToken);
    }

    private static async Task AuthenticateAsync(
        SmtpConnection connection, SmtpSettings settings, CancellationToken cancellationToken)
    {
        if (!connection.IsSecure && !connection.IsLoopback)
            throw new SmtpException("The password is not sent over a connection without TLS.", isPermanent: true);
        if (settings.UsesLogin)
        {
            await connection.AskAsync("AUTH LOGIN", 334, cancellationToken);
            await connection.AskAsync(Encode(settings.Username), 334, cancellationToken);
            await connection.AskAsync(Encode(settings.Password), 235, cancellationToken);
            return;
        }

        var credentials = Encode($"\0{settings.Username}\0{settings.Password}");
        await connection.AskAsync($"AUTH PLAIN {credentials}", 235, cancellationToken);
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
