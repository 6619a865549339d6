namespace Platform.TenantShard.Mail;

/// <summary>A mail server did not take a message.</summary>
/// <param name="message">For the tenant's superuser; without credentials.</param>
/// <param name="isPermanent">True when sending it again is of no use.</param>
/// <param name="cause">What happened below.</param>
internal sealed class SmtpException(string message, bool isPermanent, Exception? cause = null)
    : Exception(message, cause)
{
    public bool IsPermanent { get; } = isPermanent;
}
