using System.CommandLine;
using System.Text.Json.Nodes;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;
using Platform.Pbm.Output;
using Platform.Pbm.Transfer;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant backup ID create|list|download|delete [NAME]</c></summary>
internal static class BackUpTenant
{
    private static readonly string[] Actions = ["create", "list", "download", "delete"];
    private static readonly string[] Columns = ["name", "bytes", "modified"];

    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        var action = new Argument<string>("ACTION") { Description = "create, list, download or delete." };
        action.AcceptOnlyFromAmong(Actions);
        var name = new Argument<string?>("NAME")
        {
            Description = "The backup's name; one that is created gets one if it is not given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var past = new PastOptions();
        var output = new Option<string?>("--output")
        {
            Description = "The file to download to; by default ID-NAME in the working directory.",
            HelpName = "FILE",
        };
        var yes = Confirmation.Option();
        var command = new Command("backup", "Create, list, download, delete backups of a tenant.")
        {
            id, action, name, past.At, past.Txid, output, yes,
        };
        return command.Does(options, session, (context, parsed, cancellationToken) =>
        {
            var (tenant, wanted) = (parsed.GetRequiredValue(id), parsed.GetValue(name));
            var body = past.Read(parsed);
            var does = parsed.GetRequiredValue(action);
            if (body is not null && does != "create")
                throw new PbmException(ExitCode.Usage, "--at and --txid are for `create` only.");
            return does switch
            {
                "create" => CreateAsync(context, tenant, wanted, body ?? [], cancellationToken),
                "list" => ListAsync(context, tenant, cancellationToken),
                "download" => DownloadAsync(
                    context, tenant, Named(does, wanted), parsed.GetValue(output), cancellationToken),
                _ => DeleteAsync(context, tenant, Named(does, wanted), parsed.GetValue(yes), cancellationToken),
            };
        });
    }

    private static string Named(string action, string? name) => name
        ?? throw new PbmException(ExitCode.Usage, $"`pbm tenant backup ID {action}` needs the backup's name.");

    private static string Path(string tenant, string name) =>
        $"{TenantPath.Of(tenant)}/backups/{Uri.EscapeDataString(name)}";

    private static async Task CreateAsync(
        CommandContext context, string tenant, string? name, JsonObject body, CancellationToken cancellationToken)
    {
        if (name is not null) body["name"] = name;
        var answer = await context.Client.SendAsync(
            HttpMethod.Post, $"{TenantPath.Of(tenant)}/backups", body, AdminClient.WorkTimeout, cancellationToken);
        context.Print(answer, root =>
        {
            context.Say($"Created the backup {Display.Value(root.GetProperty("name"))} of the tenant {tenant}.");
            context.Documents.Print(root);
        });
    }

    private static async Task ListAsync(CommandContext context, string tenant, CancellationToken cancellationToken)
    {
        var answer = await context.Client.GetAsync($"{TenantPath.Of(tenant)}/backups", cancellationToken);
        context.Print(answer, root =>
        {
            var items = TenantPages.Items(root);
            if (items.Count > 0) context.Documents.PrintColumns(items, Columns);
            else context.Say($"The tenant {tenant} has no backups.");
        });
    }

    private static async Task DownloadAsync(
        CommandContext context, string tenant, string name, string? output, CancellationToken cancellationToken)
    {
        var file = name.EndsWith(".zip", StringComparison.Ordinal) ? name : name + ".zip";
        var (path, bytes) = await FileDownload.RunAsync(
            context, Path(tenant, name), output ?? $"{tenant}-{System.IO.Path.GetFileName(file)}", cancellationToken);
        context.Say($"Downloaded {bytes} bytes to {path}.");
    }

    private static async Task DeleteAsync(
        CommandContext context, string tenant, string name, bool isConfirmed, CancellationToken cancellationToken)
    {
        await Confirmation.RequireAsync(
            context.Terminal, isConfirmed, $"Deleting the backup {name}",
            $"Delete the backup {name} of the tenant {tenant} for good?", "Nothing was deleted.");
        var answer = await context.Client.SendAsync(HttpMethod.Delete, Path(tenant, name), null, cancellationToken);
        context.Say($"Deleted the backup {name}.");
        context.Print(answer, _ => { });
    }
}
