using System.CommandLine;
using System.Text.Json;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Nodes;

/// <summary><c>pbm node list</c></summary>
internal static class ListNodes
{
    // What fits a terminal; `node show` has the rest, and a pipe gets all of it.
    private static readonly string[] Columns =
        ["id", "status", "cordoned", "zone", "roles", "tenantsAssigned", "tenantsActive", "cpuPercent", "memoryBytes"];

    public static Command Command(GlobalOptions options, PbmSession session) =>
        new Command("list", "List the nodes.").Does(options, session, async (context, _, cancellationToken) =>
            context.Print(
                await context.Client.GetAsync("api/cp/nodes", cancellationToken),
                root => Print(context, Items(root))));

    private static void Print(CommandContext context, JsonElement items)
    {
        var shown = Columns.Where(column => items.EnumerateArray().Any(item => item.TryGetProperty(column, out _))).ToList();
        if (context.Terminal.IsOutputTerminal && shown.Count > 0)
            context.Documents.PrintColumns(items.EnumerateArray(), shown);
        else context.Documents.PrintList(items);
    }

    private static JsonElement Items(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("items", out var items) ? items : root;
}
