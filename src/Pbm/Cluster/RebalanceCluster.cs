using System.CommandLine;
using System.Text.Json;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Cluster;

/// <summary><c>pbm cluster rebalance</c></summary>
internal static class RebalanceCluster
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would move, and move nothing." };
        return new Command("rebalance", "Even out the load of the nodes now.") { dryRun }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var path = "api/cp/rebalance" + (parsed.GetValue(dryRun) ? "?dryRun=true" : "");
                var answer = await context.Client.SendAsync(HttpMethod.Post, path, null, cancellationToken);
                context.Print(answer, root => Print(context, root));
            });
    }

    private static void Print(CommandContext context, JsonElement root)
    {
        context.Documents.PrintList(root.GetProperty("nodes"));
        var moves = root.GetProperty("moves");
        if (moves.GetArrayLength() > 0)
        {
            context.Terminal.Out.WriteLine();
            context.Documents.PrintList(moves);
        }

        context.Say((moves.GetArrayLength(), root.GetProperty("dryRun").GetBoolean(), root.GetProperty("room").GetInt32()) switch
        {
            (_, _, 0) => "As many tenants move already as may move at once.",
            (0, _, _) => "The load is even: nothing has to move.",
            (var count, true, _) => $"{count} would move.",
            (var count, _, _) => $"{count} move; `pbm cluster events --follow` tells when it is done.",
        });
    }
}
