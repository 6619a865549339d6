using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Platform.TenantShard.Http;
using Platform.TenantShard.Mail;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary>Where a login comes from. A place that the record has not logged in from before is told by mail.</summary>
internal static class LoginOrigin
{
    private const int AgentLengthMax = 300;

    public static async Task NoteAsync(ApiContext context, CollectionPlan plan, string recordId)
    {
        if (!plan.Auth!.AuthAlert.IsEnabled) return;
        var address = context.ClientAddress?.ToString() ?? "";
        var agent = context.Http.Request.Headers.UserAgent.ToString();
        if (agent.Length > AgentLengthMax) agent = agent[..AgentLengthMax];
        var now = context.Shard.Clock.GetUtcNow();
        var command = new NoteOrigin(plan, recordId, Fingerprint(address + agent), now);
        if (await context.Shard.ReadAsync(command, static (scope, command) => command.IsNoted(scope), context.Aborted))
            return;
        if (!await context.Shard.WriteAsync(command, context.Aborted)) return;
        if (await AuthRecordQuery.ByIdAsync(context, plan, recordId) is not { Email.Length: > 0 } record) return;
        var when = now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        await TenantMail.TrySendAsync(
            context, record, record.Email, plan.Auth.AuthAlert.EmailTemplate, "ALERT_INFO",
            $"{when} - {address} {agent}");
    }

#pragma warning disable CA5351 // A name of a place as existing databases have it, not a proof of anything.
    private static string Fingerprint(string place) =>
        Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(place)));
#pragma warning restore CA5351
}
