using System.CommandLine;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;
using Platform.Pbm.Terminal;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant delete ID</c></summary>
internal static class DeleteTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        var yes = new Option<bool>("--yes") { Description = "Do not ask. Needed when nobody can be asked." };
        return new Command("delete", "Delete a tenant; its data is kept for a while.") { id, yes }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var tenant = parsed.GetRequiredValue(id);
                if (!parsed.GetValue(yes)) await ConfirmAsync(context.Terminal, tenant);
                var answer = await context.Client.SendAsync(
                    HttpMethod.Delete, TenantPath.Of(tenant), null, cancellationToken);
                context.Say($"Deleted the tenant {tenant}. `pbm tenant restore {tenant}` brings it back.");
                context.Print(answer, _ => { });
            });
    }

    private static async Task ConfirmAsync(PbmTerminal terminal, string tenant)
    {
        if (!terminal.IsInteractive)
            throw new PbmException(ExitCode.Usage, $"Deleting {tenant} needs --yes where nobody can be asked.");
        if (!await Question.ConfirmAsync(terminal, $"Delete the tenant {tenant}? It stops answering at once."))
            throw new PbmException(ExitCode.Refused, "Nothing was deleted.");
    }
}
