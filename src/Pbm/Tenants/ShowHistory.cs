using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Platform.Pbm.Invocation;
using Platform.Pbm.Output;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant history ID</c></summary>
internal static class ShowHistory
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        var snapshots = new Option<bool>("--snapshots") { Description = "Only states that one file alone gives." };
        var page = Arguments.Count("--page", "Which page; the first is 1, with the newest.");
        var perPage = Arguments.Count("--per-page", "States on a page.");
        var command = new Command("history", "Show what a tenant can go back to.") { id, snapshots, page, perPage };
        return command.Does(options, session, async (context, parsed, cancellationToken) =>
        {
            var path = Path(
                parsed.GetRequiredValue(id), parsed.GetValue(snapshots), parsed.GetValue(page),
                parsed.GetValue(perPage));
            var answer = await context.Client.GetAsync(path, cancellationToken);
            context.Print(answer, root => Print(context, root));
        });
    }

    private static string Path(string id, bool isSnapshotsOnly, int? page, int? perPage)
    {
        var parameters = new List<string>();
        if (isSnapshotsOnly) parameters.Add("snapshots=true");
        if (page is { } number) parameters.Add(string.Create(CultureInfo.InvariantCulture, $"page={number}"));
        if (perPage is { } count) parameters.Add(string.Create(CultureInfo.InvariantCulture, $"perPage={count}"));
        var query = parameters.Count == 0 ? "" : "?" + string.Join('&', parameters);
        return $"{TenantPath.Of(id)}/history{query}";
    }

    private static void Print(CommandContext context, JsonElement root)
    {
        var items = TenantPages.Items(root);
        if (items.Count > 0)
            context.Tables.PrintRows(["txid", "time", "kind", "bytes"], items.Select(Row));
        var summary = context.Terminal.IsOutputTerminal ? context.Terminal.Out : context.Terminal.Error;
        if (root.TryGetProperty("earliest", out var earliest) && earliest.ValueKind == JsonValueKind.Object)
            summary.WriteLine(
                $"Retained from {Exact(earliest)} on; {Display.Value(root.GetProperty("totalItems"))} states.");
        else
            summary.WriteLine("Nothing was ever written.");
        if (root.TryGetProperty("isComplete", out var isComplete) && isComplete.ValueKind == JsonValueKind.False)
            summary.WriteLine("Files of the newest state are missing: object storage cannot give it.");
    }

    private static List<string> Row(JsonElement item) =>
    [
        Display.Value(item.GetProperty("txid")),
        Exact(item),
        Kind(item),
        Display.Value("bytes", item.GetProperty("bytes")),
    ];

    private static string Kind(JsonElement item) =>
        item.GetProperty("snapshot").ValueKind == JsonValueKind.True ? "snapshot"
        : item.GetProperty("level").GetInt32() == 0 ? "transaction"
        : "merged";

    /// <summary>With the milliseconds, which <c>--at</c> needs to mean this state and no other.</summary>
    private static string Exact(JsonElement state) => Display.Clean(state.GetProperty("time").GetString() ?? "");
}
