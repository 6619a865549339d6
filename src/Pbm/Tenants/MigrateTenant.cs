using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant migrate ID [--to NODE]</c></summary>
internal static class MigrateTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        var to = new Option<string>("--to")
        {
            Description = "The node that gets the tenant; without it the coordinator chooses.",
            HelpName = "NODE",
        };
        return new Command("migrate", "Move a tenant to another node while it is in use.") { id, to }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var tenant = parsed.GetRequiredValue(id);
                var body = new JsonObject();
                if (parsed.GetValue(to) is { } node) body["node"] = node;
                var answer = await context.Client.SendAsync(
                    HttpMethod.Post, $"{TenantPath.Of(tenant)}/migrate", body, AdminClient.WorkTimeout, cancellationToken);
                context.Say($"The tenant {tenant} is on {Text(answer.Root, "to")} now.");
                context.Print(answer, context.Documents.Print);
            });
    }

    private static string Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString()! : "another node";
}
