using System.CommandLine;
using System.Text.Json;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant list</c></summary>
internal static class ListTenants
{
    private static readonly string[] Columns = ["id", "status", "durability", "domains", "created"];

    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var search = new Option<string?>("--search")
        {
            Description = "Only tenants whose id or domain contains this.",
            HelpName = "TEXT",
        };
        var status = new Option<string?>("--status")
        {
            Description = "Only tenants in this state, such as created or deleted.",
            HelpName = "STATUS",
        };
        var page = Arguments.Count("--page", "Which page; the first is 1.");
        var perPage = Arguments.Count("--per-page", "Tenants on a page.");
        var all = new Option<bool>("--all") { Description = "All pages, one after the other." };
        var command = new Command("list", "List tenants.") { search, status, page, perPage, all };
        return command.Does(options, session, async (context, parsed, cancellationToken) =>
        {
            var query = new TenantQuery(
                parsed.GetValue(search), parsed.GetValue(status), parsed.GetValue(perPage), parsed.GetValue(page));
            if (!parsed.GetValue(all))
            {
                var answer = await context.Client.GetAsync(query.Path, cancellationToken);
                context.Print(answer, root => PrintPage(context, root));
                return;
            }

            if (query.Page is not null) throw new PbmException(ExitCode.Usage, "Give one of --page and --all.");
            var items = await TenantPages.ReadAllAsync(context.Client, query, cancellationToken);
            if (context.IsJson) PrintJson(context, items);
            else PrintTable(context, items, $"{items.Count} tenants");
        });
    }

    private static void PrintPage(CommandContext context, JsonElement root)
    {
        var items = TenantPages.Items(root);
        var total = root.TryGetProperty("totalItems", out var count) ? count.GetInt64() : items.Count;
        var pages = root.TryGetProperty("totalPages", out count) ? count.GetInt64() : 1;
        var page = root.TryGetProperty("page", out count) ? count.GetInt64() : 1;
        var summary = $"{total} {(total == 1 ? "tenant" : "tenants")}";
        PrintTable(context, items, pages > 1 ? $"Page {page} of {pages}, {summary}" : summary);
    }

    private static void PrintTable(CommandContext context, IReadOnlyList<JsonElement> items, string summary)
    {
        if (items.Count > 0) context.Documents.PrintColumns(items, Columns);
        // Beside the table on a terminal; into a pipe goes the table alone.
        (context.Terminal.IsOutputTerminal ? context.Terminal.Out : context.Terminal.Error).WriteLine(summary);
    }

    // The pages as one: the shape of the server's list, so that scripts read both alike.
    private static void PrintJson(CommandContext context, List<JsonElement> items)
    {
        var output = context.Terminal.Out;
        output.Write(
            $$"""{"page":1,"perPage":{{items.Count}},"totalItems":{{items.Count}},"totalPages":1,"items":[""");
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0) output.Write(',');
            output.Write(items[index].GetRawText());
        }

        output.WriteLine("]}");
    }
}
