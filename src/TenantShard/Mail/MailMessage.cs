namespace Platform.TenantShard.Mail;

/// <summary>An e-mail to one person.</summary>
/// <param name="SenderName">Who writes, for people.</param>
/// <param name="SenderAddress">Who writes.</param>
/// <param name="Recipient">The address that gets it.</param>
/// <param name="Subject">One line.</param>
/// <param name="Html">The body.</param>
internal sealed record MailMessage(
    string SenderName, string SenderAddress, string Recipient, string Subject, string Html);
