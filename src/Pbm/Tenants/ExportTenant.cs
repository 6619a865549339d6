using System.CommandLine;
using System.Text.Json.Nodes;
using Platform.Pbm.Invocation;
using Platform.Pbm.Transfer;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant export ID [--output FILE]</c></summary>
internal static class ExportTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        var output = new Option<string?>("--output")
        {
            Description = "The file to write; by default ID-pb_data.zip in the working directory.",
            HelpName = "FILE",
        };
        var command = new Command("export", "Download a tenant as a pb_data zip that PocketBase opens.") { id, output };
        return command.Does(options, session, async (context, parsed, cancellationToken) =>
        {
            var tenant = parsed.GetRequiredValue(id);
            var (path, bytes) = await FileDownload.RunAsync(
                context, $"{TenantPath.Of(tenant)}/export", parsed.GetValue(output) ?? $"{tenant}-pb_data.zip",
                cancellationToken);
            context.Say($"Downloaded {bytes} bytes to {path}.");
            if (context.IsJson)
                await context.Terminal.Out.WriteLineAsync(new JsonObject { ["path"] = path, ["bytes"] = bytes }.ToJsonString());
        });
    }
}
