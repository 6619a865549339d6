using System.CommandLine;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Snapshots;

/// <summary><c>pbm snapshot list</c></summary>
internal static class ListSnapshots
{
    public static Command Command(GlobalOptions options, PbmSession session) =>
        new Command("list", "List the snapshots of the control plane's state, newest first.").Does(
            options,
            session,
            async (context, _, cancellationToken) => context.Print(
                await context.Client.GetAsync(SnapshotPath.All, cancellationToken),
                root => context.Documents.PrintList(root.GetProperty("items"))));
}
