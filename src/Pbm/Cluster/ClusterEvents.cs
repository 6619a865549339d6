using System.CommandLine;
using System.Text.Json;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;
using Platform.Pbm.Output;

namespace Platform.Pbm.Cluster;

/// <summary><c>pbm cluster events</c></summary>
internal static class ClusterEvents
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private static readonly string[] Columns = ["time", "kind", "tenant", "node", "from", "reason"];

    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var follow = new Option<bool>("--follow") { Description = "Go on with each event as it happens, until Ctrl-C." };
        var kinds = new Option<string[]>("--kind")
        {
            Description = "Only events of this kind or family, such as node.down or tenant; can be repeated.",
            HelpName = "KIND",
        };
        var tenant = Text("--tenant", "Only events of this tenant.", "ID");
        var node = Text("--node", "Only events of this node.", "ID");
        var after = Text("--after", "Only events after this one.", "EVENT");
        var limit = Arguments.Count("--limit", "How many of the newest; 100 when it is not given.");
        var command = new Command("events", "Show what happened in the cluster.")
        {
            follow, kinds, tenant, node, after, limit,
        };
        return command.Does(options, session, async (context, parsed, cancellationToken) =>
        {
            var path = QueryPath.Of(
                "api/cp/events",
                ("kinds", parsed.GetValue(kinds) is { Length: > 0 } some ? string.Join(',', some) : null),
                ("tenant", parsed.GetValue(tenant)),
                ("node", parsed.GetValue(node)), ("after", parsed.GetValue(after)),
                ("limit", parsed.GetValue(limit)?.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            if (parsed.GetValue(follow)) await FollowAsync(context, path, cancellationToken);
            else
                context.Print(
                    await context.Client.GetAsync(path, cancellationToken),
                    root => Print(context, root));
        });
    }

    private static Option<string?> Text(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };

    private static void Print(CommandContext context, JsonElement root)
    {
        if (root.TryGetProperty("items", out var items) && items.GetArrayLength() > 0)
            context.Documents.PrintColumns(items.EnumerateArray(), Columns);
        else context.Say("(none)");
    }

    /// <summary>A server that goes away is waited for, and nothing is missed, once it has answered.</summary>
    private static async Task FollowAsync(CommandContext context, string path, CancellationToken cancellationToken)
    {
        string? last = null;
        var isLost = false;
        while (true)
        {
            try
            {
                await context.Client.FollowAsync(
                    path, last,
                    (id, data) =>
                    {
                        isLost = false;
                        last = id ?? last;
                        PrintLine(context, data);
                    },
                    cancellationToken);
            }
            catch (PbmException unreachable) when (unreachable.ExitCode == ExitCode.Unreachable && last is not null)
            {
                if (!isLost) await context.Terminal.Error.WriteLineAsync($"{unreachable.Message} Trying again.");
                isLost = true;
            }

            await Task.Delay(RetryDelay, TimeProvider.System, cancellationToken);
        }
    }

    private static void PrintLine(CommandContext context, string data)
    {
        if (context.IsJson)
        {
            context.Terminal.Out.WriteLine(data);
        }
        else
        {
            using var document = JsonDocument.Parse(data);
            var root = document.RootElement;
            context.Terminal.Out.WriteLine(string.Join("  ", Columns
                .Where(column => root.TryGetProperty(column, out _))
                .Select(column => Label(column) + Display.Value(root.GetProperty(column)))));
        }

        context.Terminal.Out.Flush();
    }

    private static string Label(string column) => column is "time" or "kind" ? "" : column + "=";
}
