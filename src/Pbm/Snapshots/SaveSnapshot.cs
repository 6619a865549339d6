using System.CommandLine;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Snapshots;

/// <summary><c>pbm snapshot save</c></summary>
internal static class SaveSnapshot
{
    public static Command Command(GlobalOptions options, PbmSession session) =>
        new Command("save", "Store a snapshot of the control plane's state in object storage now.").Does(
            options,
            session,
            async (context, _, cancellationToken) => context.Print(
                await context.Client.SendAsync(
                    HttpMethod.Post, SnapshotPath.All, null, AdminClient.WorkTimeout, cancellationToken),
                context.Documents.Print));
}
