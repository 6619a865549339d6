using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Database;
using Platform.TenantShard.Http;
using Platform.TenantShard.Settings;

namespace Platform.TenantShard.Mail;

/// <summary>Mail to records of a tenant, about themselves.</summary>
internal static class TenantMail
{
    private const string RecordPrefix = "RECORD:";

    /// <summary>
    /// Queues a message to the record; false when it cannot be sent: without a mail server, or with too many waiting.
    /// </summary>
    /// <param name="context">The request that causes it.</param>
    /// <param name="record">Whose fields the template may name.</param>
    /// <param name="recipient">The address.</param>
    /// <param name="template">With placeholders.</param>
    /// <param name="name">A placeholder of this message, such as <c>TOKEN</c>.</param>
    /// <param name="value">Its value.</param>
    public static Task<bool> TrySendAsync(
        ApiContext context, AuthRecord record, string recipient, EmailTemplate template, string name, string value) =>
        TrySendAsync(context, record, recipient, template, wanted => wanted == name ? value : null);

    /// <summary>The same with several placeholders: the last parameter finds the value of a name, or null.</summary>
    public static async Task<bool> TrySendAsync(
        ApiContext context, AuthRecord record, string recipient, EmailTemplate template, Func<string, string?> find)
    {
        var settings = await ReadSettingsAsync(context);
        if (SmtpSettings.Read(settings) is not { } smtp)
        {
            context.Services.Mail.MissServer(context.Shard.Tenant);
            return false;
        }

        var message = MailTemplate.Fill(
            template, settings, recipient, wanted => find(wanted) ?? ReadField(record, wanted));
        return context.Services.Mail.TryAdd(context.Shard.Tenant, smtp, message);
    }

    public static ValueTask<TenantSettings> ReadSettingsAsync(ApiContext context) =>
        context.Shard.ReadAsync(0, static (scope, _) => SettingsStore.Read(scope.Connection), context.Aborted);

    /// <summary>The text of a field; secrets and hidden fields have none.</summary>
    private static string? ReadField(AuthRecord record, string name)
    {
        if (!name.StartsWith(RecordPrefix, StringComparison.Ordinal)) return null;
        var column = record.Plan.Find(name[RecordPrefix.Length..]);
        if (column < 0 || record.Plan.Codecs[column].Field is PasswordField or { IsHidden: true }) return null;
        var value = record.Values[column];
        return value.Type switch
        {
            ColumnType.Text => record.Values.Text(column),
            ColumnType.Integer => value.Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ColumnType.Real => value.Real.ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => "",
        };
    }
}
