using System.CommandLine;
using System.Text.Json.Nodes;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant clone ID NEW</c></summary>
internal static class CloneTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        var into = Arguments.NewTenantId();
        var keepSecrets = PastOptions.KeepSecrets();
        return new Command("clone", "Make a new tenant with everything of another one.") { id, into, keepSecrets }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var (source, clone) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(into));
                var body = new JsonObject { ["into"] = clone };
                if (parsed.GetValue(keepSecrets)) body["secrets"] = "keep";
                var answer = await context.Client.SendAsync(
                    HttpMethod.Post, $"{TenantPath.Of(source)}/clone", body, AdminClient.WorkTimeout, cancellationToken);
                context.Say($"Cloned the tenant {source} into {clone}.");
                context.Print(answer, context.Documents.Print);
            });
    }
}
