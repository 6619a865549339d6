using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;
using Platform.Pbm.Output;

namespace Platform.Pbm.Tenants;

/// <summary>
/// <c>pbm tenant restore ID</c>: takes a deletion back, or with <c>--at</c> or <c>--txid</c> the tenant to its past.
/// </summary>
internal static class RestoreTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        var past = new PastOptions();
        var into = new Option<string?>("--into")
        {
            Description = "Make a new tenant of that state, and leave this one as it is.",
            HelpName = "NEW",
            CustomParser = Arguments.ParseTenantId,
        };
        var keepSecrets = PastOptions.KeepSecrets();
        var yes = Confirmation.Option();
        var command = new Command("restore", "Bring a deleted tenant back, or take one back to its past.")
        {
            id, past.At, past.Txid, into, keepSecrets, yes,
        };
        return command.Does(options, session, (context, parsed, cancellationToken) =>
        {
            var (tenant, destination) = (parsed.GetRequiredValue(id), parsed.GetValue(into));
            if (parsed.GetValue(keepSecrets) && destination is null)
                throw new PbmException(
                    ExitCode.Usage, "--keep-secrets needs --into.", "A tenant that goes back keeps its secrets anyway.");
            return (past.Read(parsed), destination) switch
            {
                (null, null) => UndeleteAsync(context, tenant, cancellationToken),
                (null, _) => throw new PbmException(
                    ExitCode.Usage, "--into needs --at or --txid.",
                    $"`pbm tenant clone {tenant} {destination}` copies the present state."),
                ({ } body, null) => RewindAsync(context, tenant, body, parsed.GetValue(yes), cancellationToken),
                ({ } body, _) => CopyAsync(
                    context, tenant, body, destination, parsed.GetValue(keepSecrets), cancellationToken),
            };
        });
    }

    public static async Task UndeleteAsync(CommandContext context, string tenant, CancellationToken cancellationToken)
    {
        var answer = await context.Client.SendAsync(
            HttpMethod.Post, $"{TenantPath.Of(tenant)}/restore", null, cancellationToken);
        context.Say($"Restored the tenant {tenant}.");
        context.Print(answer, context.Documents.Print);
    }

    private static async Task RewindAsync(
        CommandContext context, string tenant, JsonObject body, bool isConfirmed, CancellationToken cancellationToken)
    {
        await Confirmation.RequireAsync(
            context.Terminal, isConfirmed, $"Taking {tenant} back",
            $"Take the tenant {tenant} back? Its present state stays in its history.", "Nothing was changed.");
        var answer = await context.Client.SendAsync(
            HttpMethod.Post, $"{TenantPath.Of(tenant)}/rewind", body, AdminClient.WorkTimeout, cancellationToken);
        context.Print(answer, root =>
        {
            var restored = root.GetProperty("restored");
            context.Say(root.GetProperty("changed").ValueKind == JsonValueKind.True
                ? $"The tenant {tenant} is as it was after transaction {Display.Value(restored.GetProperty("txid"))} "
                    + $"of {Display.Clean(restored.GetProperty("time").GetString() ?? "")}.\n"
                    + $"`pbm tenant restore {tenant} --txid {Display.Value(root.GetProperty("undo"))}` undoes this."
                : $"The tenant {tenant} is in that state already; nothing was changed.");
        });
    }

    private static async Task CopyAsync(
        CommandContext context, string tenant, JsonObject body, string destination, bool keepsSecrets,
        CancellationToken cancellationToken)
    {
        body["into"] = destination;
        if (keepsSecrets) body["secrets"] = "keep";
        var answer = await context.Client.SendAsync(
            HttpMethod.Post, $"{TenantPath.Of(tenant)}/rewind", body, AdminClient.WorkTimeout, cancellationToken);
        context.Say($"Made the tenant {destination} of a past state of {tenant}.");
        context.Print(answer, context.Documents.Print);
    }
}
