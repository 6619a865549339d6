using System.CommandLine;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant purge ID</c></summary>
internal static class PurgeTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        var yes = Confirmation.Option();
        return new Command("purge", "Remove a deleted tenant for good, with its history, files and backups.") { id, yes }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var tenant = parsed.GetRequiredValue(id);
                await Confirmation.RequireAsync(
                    context.Terminal, parsed.GetValue(yes), $"Purging {tenant}",
                    $"Purge the tenant {tenant}? Its data, files and backups are gone for good.", "Nothing was purged.");
                var answer = await context.Client.SendAsync(
                    HttpMethod.Delete, $"{TenantPath.Of(tenant)}?purge=true", null, AdminClient.WorkTimeout,
                    cancellationToken);
                context.Say($"Purged the tenant {tenant}. Its id is free.");
                context.Print(answer, _ => { });
            });
    }
}
