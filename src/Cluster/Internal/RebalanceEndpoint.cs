using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Http;

namespace Platform.Cluster.Internal;

/// <summary>
/// <c>POST /api/cp/rebalance</c> at any control plane; the coordinator does it, or tells with <c>dryRun=true</c> what it
/// would do.
/// </summary>
internal sealed class RebalanceEndpoint(Rebalancing rebalancing, CoordinatorCopy office, InternalClient client)
{
    private const string InternalPath = "/internal/rebalance";
    private const string DryRun = "dryRun";

    private static readonly ApiProblem NoCoordinator =
        new(503, "The cluster has no coordinator at the moment.") { RetryAfterSeconds = 1 };

    public void Map(IEndpointRouteBuilder routes, AdminGuard admin, InternalGuard guard)
    {
        routes.MapPost("/api/cp/rebalance", admin.Protect(context => AnswerAsync(context, isForwarded: false)));
        routes.MapPost(InternalPath, guard.Protect(context => AnswerAsync(context, isForwarded: true)));
    }

    private async Task AnswerAsync(HttpContext context, bool isForwarded)
    {
        var query = new QueryFields(context.Request.Query, [DryRun]);
        var isDryRun = query.Flag(DryRun);
        if (query.Problem is { } problem)
            await JsonAnswer.WriteAsync(context, problem);
        else if (await rebalancing.RunAsync(isDryRun, context.RequestAborted) is { } answer)
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer.Write);
        else if (isForwarded || office.Current is not { } coordinator)
            await JsonAnswer.WriteAsync(context, NoCoordinator);
        else await ForwardAsync(context, coordinator, isDryRun);
    }

    private async Task ForwardAsync(HttpContext context, CoordinatorDocument coordinator, bool isDryRun)
    {
        var url = new Uri(new Uri(coordinator.Address), $"{InternalPath}?{DryRun}={(isDryRun ? "true" : "false")}");
        try
        {
            var (status, body) = await client.PostAsync(
                url, new TenantCommand(), InternalJson.Default.TenantCommand, context.RequestAborted);
            await JsonAnswer.WriteAsync(context, status, writer => writer.WriteRawValue(body));
        }
        catch (HttpRequestException)
        {
            await JsonAnswer.WriteAsync(context, NoCoordinator with { Message = "The coordinator does not answer." });
        }
    }
}
