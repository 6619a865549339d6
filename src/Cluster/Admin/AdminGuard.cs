using Microsoft.AspNetCore.Http;
using Platform.Cluster.Http;
using Platform.Cluster.Store;
using Platform.Cluster.Tenants;

namespace Platform.Cluster.Admin;

/// <summary>
/// What every endpoint of the admin API has before it: the token, and words for a store that does not answer.
/// </summary>
internal sealed class AdminGuard(AdminToken token)
{
    public RequestDelegate Protect(RequestDelegate handler) => async context =>
    {
        if (!token.Accepts(context.Request.Headers.Authorization.ToString()))
        {
            await RefuseAsync(context);
            return;
        }

        try
        {
            await handler(context);
        }
        catch (ClusterStoreException) when (!context.Response.HasStarted)
        {
            await JsonAnswer.WriteAsync(context, RegistryProblems.StoreFailed);
        }
    };

    private static Task RefuseAsync(HttpContext context)
    {
        var isGiven = context.Request.Headers.Authorization.Count > 0;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return JsonAnswer.WriteAsync(context, new ApiProblem(
            StatusCodes.Status401Unauthorized,
            isGiven
                ? "The cluster admin token is wrong."
                : "The admin API needs the cluster admin token: Authorization: Bearer TOKEN."));
    }
}
