using System.CommandLine;
using System.Text.Json;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Nodes;

/// <summary><c>pbm node list</c></summary>
internal static class ListNodes
{
    public static Command Command(GlobalOptions options, PbmSession session) =>
        new Command("list", "List the nodes.").Does(options, session, async (context, _, cancellationToken) =>
            context.Print(
                await context.Client.GetAsync("api/cp/nodes", cancellationToken),
                root => context.Documents.PrintList(Items(root))));

    private static JsonElement Items(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("items", out var items) ? items : root;
}
