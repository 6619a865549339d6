using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;
using Platform.Messages.Routing;

namespace Platform.Cluster.Liveness;

/// <summary>
/// <c>GET /internal/watch</c>: an answer without an end, for as long as this process lives. When the process stops in
/// good order the answer is ended properly, which says so; when it dies the kernel breaks the connection.
/// </summary>
/// <param name="node">This process.</param>
/// <param name="announceAsync">Shows the others that this process lives, by a heartbeat.</param>
/// <param name="stopping">Cancelled before the listener closes.</param>
internal sealed class WatchEndpoint(
    LocalNode node, Func<CancellationToken, Task> announceAsync, CancellationToken stopping)
{
    public const string Path = "/internal/watch";

    /// <summary>Of the process that answers.</summary>
    public const string NodeHeader = ForwardHeaders.Prefix + "Node";

    /// <summary>Of its present life.</summary>
    public const string InstanceHeader = ForwardHeaders.Prefix + "Instance";

    public void Map(IEndpointRouteBuilder routes, InternalGuard guard) =>
        routes.MapGet(Path, guard.Protect(AnswerAsync));

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers[NodeHeader] = node.Id;
        context.Response.Headers[InstanceHeader] = node.Instance;
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await UntilEitherAsync(context.RequestAborted, stopping);
        if (stopping.IsCancellationRequested) return;
        try
        {
            // Whoever watched may have lost sight of a process that lives: a heartbeat later than that proves it.
            await announceAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            // It stops now.
        }
    }

    private static async Task UntilEitherAsync(CancellationToken one, CancellationToken other)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var first = one.Register(() => ended.TrySetResult());
        await using var second = other.Register(() => ended.TrySetResult());
        await ended.Task;
    }
}
