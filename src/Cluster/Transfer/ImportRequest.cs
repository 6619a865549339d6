using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Platform.Cluster.Http;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;

namespace Platform.Cluster.Transfer;

/// <summary>What an import is asked for.</summary>
/// <param name="Tenant">The tenant that is to have the data.</param>
/// <param name="Replaces">True: also when it has some already.</param>
internal sealed record ImportRequest(TenantId Tenant, bool Replaces)
{
    private const string ReplaceName = "replace";

    /// <summary>Reads it from the path and the query.</summary>
    public static (ImportRequest? Request, ApiProblem? Problem) Read(HttpRequest request)
    {
        var query = new QueryFields(request.Query, [ReplaceName]);
        var id = TenantRules.Id((string?)request.RouteValues["id"] ?? "", out var wrong);
        if (wrong is not null) query.Refuse("id", wrong.Code, wrong.Message);
        var replaces = query.Flag(ReplaceName);
        return query.Problem is { } problem ? (null, problem) : (new ImportRequest(id!.Value, replaces), null);
    }

    /// <summary>Lets the upload be larger than the listener's own limit, which is that of a tenant's requests.</summary>
    public static ApiProblem? Allow(HttpContext context, long bytesMax)
    {
        if (context.Request.ContentLength > bytesMax) return TransferProblems.TooLarge(bytesMax);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = bytesMax;
        return null;
    }
}
