using System.CommandLine;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant restore ID</c></summary>
internal static class RestoreTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        return new Command("restore", "Bring a deleted tenant back.") { id }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var tenant = parsed.GetRequiredValue(id);
                var answer = await context.Client.SendAsync(
                    HttpMethod.Post, $"{TenantPath.Of(tenant)}/restore", null, cancellationToken);
                context.Say($"Restored the tenant {tenant}.");
                context.Print(answer, context.Documents.Print);
            });
    }
}
