using System.CommandLine;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Cluster;

/// <summary><c>pbm cluster status</c></summary>
internal static class ClusterStatus
{
    public static Command Command(GlobalOptions options, PbmSession session) =>
        new Command("status", "Show whether the cluster is healthy.").Does(
            options,
            session,
            async (context, _, cancellationToken) => context.Print(
                await context.Client.GetAsync("api/cp/health", cancellationToken), context.Documents.Print));
}
