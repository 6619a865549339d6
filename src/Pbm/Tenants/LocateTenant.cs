using System.CommandLine;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant locate ID</c></summary>
internal static class LocateTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        return new Command("locate", "Show which node has a tenant, since when, and whether it runs there.") { id }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var path = $"{TenantPath.Of(parsed.GetRequiredValue(id))}/location";
                context.Print(await context.Client.GetAsync(path, cancellationToken), context.Documents.Print);
            });
    }
}
