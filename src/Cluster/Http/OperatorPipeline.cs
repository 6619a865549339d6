using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Platform.Cluster.Http;

/// <summary>
/// What answers for a host that is no tenant's: probes, metrics and the admin API, with JSON for every refusal.
/// </summary>
internal static class OperatorPipeline
{
    public static RequestDelegate Build(IApplicationBuilder root, Action<IEndpointRouteBuilder> map)
    {
        var branch = root.New();
        branch.UseMiddleware<ErrorBoundary>();
        branch.Use(DescribeEmptyAnswerAsync);
        branch.UseRouting();
        branch.UseEndpoints(map);
        return branch.Build();
    }

    /// <summary>Routing answers 404 and 405 without a body.</summary>
    private static async Task DescribeEmptyAnswerAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.HasStarted || context.Response.ContentLength is not null) return;
        var problem = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new ApiProblem(
                404,
                "There is nothing here. A tenant answers at its own host name; "
                + "operators use /api/cp, /ready and /metrics."),
            StatusCodes.Status405MethodNotAllowed => new ApiProblem(
                405, $"{context.Request.Method} is not possible here; allowed: {context.Response.Headers.Allow}."),
            _ => null,
        };
        if (problem is not null) await JsonAnswer.WriteAsync(context, problem);
    }
}
