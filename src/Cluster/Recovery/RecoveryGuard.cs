using Microsoft.AspNetCore.Http;
using Platform.Cluster.Http;

namespace Platform.Cluster.Recovery;

/// <summary>Turns the failures that recovery expects into answers.</summary>
internal static class RecoveryGuard
{
    /// <param name="context">The request.</param>
    /// <param name="targetField">The field that a state which is not retained is refused at.</param>
    /// <param name="handle">What answers it.</param>
    public static async Task RunAsync(HttpContext context, string targetField, Func<Task> handle)
    {
        ApiProblem? problem = null;
        try
        {
            await handle();
        }
        catch (Exception failure) when (Describes(failure))
        {
            await JsonAnswer.WriteAsync(context, problem!);
        }

        // Half a download cannot be answered any more: it is cut off, as unexpected failures are.
        bool Describes(Exception failure) =>
            !context.Response.HasStarted && (problem = RecoveryProblems.Of(failure, targetField)) is not null;
    }
}
