using System.CommandLine;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Cluster;

/// <summary><c>pbm cluster members</c></summary>
internal static class ClusterMembers
{
    public static Command Command(GlobalOptions options, PbmSession session) =>
        new Command("members", "List the processes of the cluster.").Does(
            options,
            session,
            async (context, _, cancellationToken) => context.Print(
                await context.Client.GetAsync("cluster/members", cancellationToken), context.Documents.Print));
}
