using System.CommandLine;
using System.Text.Json;
using Platform.Pbm.Invocation;
using Platform.Pbm.Output;
using Platform.Pbm.Transfer;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant import ID PATH [--replace]</c></summary>
internal static class ImportTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        var path = new Argument<string>("PATH")
        {
            Description = "PocketBase's pb_data: the folder, or a zip of it such as a backup.",
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Replace the data that the tenant has; it stays in the tenant's history.",
        };
        var yes = Confirmation.Option();
        var command = new Command("import", "Make a tenant of PocketBase data.") { id, path, replace, yes };
        return command.Does(options, session, async (context, parsed, cancellationToken) =>
        {
            var tenant = parsed.GetRequiredValue(id);
            var source = PocketBaseSource.Find(
                Path.GetFullPath(parsed.GetRequiredValue(path), context.Terminal.WorkingDirectory));
            var isReplacing = parsed.GetValue(replace);
            if (isReplacing)
                await Confirmation.RequireAsync(
                    context.Terminal, parsed.GetValue(yes), $"Replacing the data of {tenant}",
                    $"Replace the data of the tenant {tenant}? Its present state stays in its history.",
                    "Nothing was changed.");
            if (source.LeftOut() is { Count: > 0 } left)
                await context.Terminal.Error.WriteLineAsync($"Not sent: {string.Join(", ", left)}.");
            using var content = new UploadContent(source.WriteAsync, source.Bytes, context.Terminal, context.IsJson);
            var answer = await context.Client.UploadAsync(
                $"{TenantPath.Of(tenant)}/import{(isReplacing ? "?replace=true" : "")}", content, cancellationToken);
            context.Print(answer, root => Print(context, tenant, root));
        });
    }

    private static void Print(CommandContext context, string tenant, JsonElement root)
    {
        var imported = root.GetProperty("imported");
        string Count(string name) => Display.Value(imported.GetProperty(name));
        context.Say(
            $"Imported {Count("records")} records of {Count("collections")} collections and {Count("files")} files "
            + $"into the tenant {tenant}.");
        if (imported.GetProperty("undo").ValueKind == JsonValueKind.String)
            context.Say($"`pbm tenant restore {tenant} --txid {Count("undo")}` undoes this.");
        foreach (var warning in root.GetProperty("warnings").EnumerateArray())
            context.Say($"Warning: {Display.Clean(warning.GetString() ?? "")}");
        context.Say($"It answers at {Display.Clean(root.GetProperty("url").GetString() ?? "")}");
    }
}
