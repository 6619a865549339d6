using System.CommandLine;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant show ID</c></summary>
internal static class ShowTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        return new Command("show", "Show all about a tenant.") { id }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var path = TenantPath.Of(parsed.GetRequiredValue(id));
                context.Print(await context.Client.GetAsync(path, cancellationToken), context.Documents.Print);
            });
    }
}
