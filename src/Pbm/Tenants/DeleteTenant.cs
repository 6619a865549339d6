using System.CommandLine;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant delete ID</c></summary>
internal static class DeleteTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        var yes = Confirmation.Option();
        return new Command("delete", "Delete a tenant; its data is kept for a while.") { id, yes }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var tenant = parsed.GetRequiredValue(id);
                await Confirmation.RequireAsync(
                    context.Terminal, parsed.GetValue(yes), $"Deleting {tenant}",
                    $"Delete the tenant {tenant}? It stops answering at once.", "Nothing was deleted.");
                var answer = await context.Client.SendAsync(
                    HttpMethod.Delete, TenantPath.Of(tenant), null, cancellationToken);
                context.Say($"Deleted the tenant {tenant}. `pbm tenant restore {tenant}` brings it back.");
                context.Print(answer, _ => { });
            });
    }
}
