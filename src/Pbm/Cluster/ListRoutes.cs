using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Cluster;

/// <summary><c>pbm cluster routes</c></summary>
internal static class ListRoutes
{
    private static readonly string[] Columns = ["tenant", "node", "epoch", "reason", "from"];

    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var node = new Option<string?>("--node") { Description = "Only tenants of this node.", HelpName = "ID" };
        var page = Arguments.Count("--page", "Which page; the first is 1.");
        var perPage = Arguments.Count("--per-page", "Routes on a page.");
        var command = new Command("routes", "List which node has which tenant.") { node, page, perPage };
        return command.Does(options, session, async (context, parsed, cancellationToken) =>
        {
            var path = QueryPath.Of(
                "api/cp/routes", ("node", parsed.GetValue(node)),
                ("page", parsed.GetValue(page)?.ToString(CultureInfo.InvariantCulture)),
                ("perPage", parsed.GetValue(perPage)?.ToString(CultureInfo.InvariantCulture)));
            context.Print(await context.Client.GetAsync(path, cancellationToken), root => Print(context, root));
        });
    }

    private static void Print(CommandContext context, JsonElement root)
    {
        var items = root.GetProperty("items");
        if (items.GetArrayLength() > 0) context.Documents.PrintColumns(items.EnumerateArray(), Columns);
        (context.Terminal.IsOutputTerminal ? context.Terminal.Out : context.Terminal.Error).WriteLine(
            $"Page {root.GetProperty("page")} of {root.GetProperty("totalPages")}, {root.GetProperty("totalItems")} routes");
    }
}
