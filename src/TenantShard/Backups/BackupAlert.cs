using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Mail;
using Platform.TenantShard.Settings;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Backups;

/// <summary>Tells a tenant's superusers by mail that a backup of its schedule failed, when it has a mail server.</summary>
internal static class BackupAlert
{
    /// <summary>The oldest accounts: the mails of one failure take this much of the tenant's queue at most.</summary>
    private const int RecipientsMax = 20;

    private static readonly EmailTemplate Template = new(
        "The automatic backup of {APP_NAME} failed",
        """
        <p>Hello,</p>
        <p>An automatic backup of {APP_NAME} could not be made:</p>
        <p><em>{ERROR}</em></p>
        <p>It is tried again when its schedule comes next. The logs have more.</p>
        <p>The {APP_NAME} team</p>
        """);

    public static async Task SendAsync(
        ShardFeature tenant, ApiServices services, Exception failure, CancellationToken cancellationToken)
    {
        var (settings, recipients) = await tenant.Shard.ReadAsync(0, static (scope, _) => Read(scope), cancellationToken);
        if (settings is null || SmtpSettings.Read(settings) is not { } smtp) return;
        var reason = failure is ApiException refusal ? refusal.Message : "Something went wrong.";
        foreach (var recipient in recipients)
        {
            var message = MailTemplate.Fill(Template, settings, recipient, name => name == "ERROR" ? reason : null);
            if (!services.Mail.TryAdd(tenant.Shard.Tenant, smtp, message)) return;
        }
    }

    private static (TenantSettings? Settings, List<string> Recipients) Read(ReadScope scope)
    {
        try
        {
            return (SettingsStore.Read(scope.Connection), ReadRecipients(scope.Connection));
        }
        catch (InvalidDataException)
        {
            // Unreadable settings name no mail server.
            return (null, []);
        }
    }

    private static List<string> ReadRecipients(DatabaseConnection connection)
    {
        using var select = connection.Prepare(
            $"SELECT email FROM {SystemCollections.Superusers} WHERE email != '' ORDER BY _rowid_ LIMIT {RecipientsMax}");
        var recipients = new List<string>();
        while (select.Step()) recipients.Add(select.Text(0));
        return recipients;
    }
}
