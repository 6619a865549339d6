using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Http;
using Platform.Cluster.Tenants;
using Platform.Cluster.Transfer;
using Platform.Gateway.Forwarding;
using Platform.Messages.Identity;

namespace Platform.Cluster.Internal;

/// <summary>
/// The admin API's recovery, backups and transfer at a control plane: each request goes to the node that has the
/// tenant's data, as it is and of any size, and that node's answer comes back.
/// </summary>
internal sealed class TenantDataForwarding(TenantIndex tenants, ITenantBackend nodes, long importBytesMax)
{
    private static readonly string[] Paths = ["history", "rewind", "clone", "backups", "backups/{name}", "export"];

    public void Map(IEndpointRouteBuilder routes, AdminGuard guard)
    {
        // Any method: which ones there are is the node's answer.
        foreach (var path in Paths) routes.Map($"/api/cp/tenants/{{id}}/{path}", guard.Protect(ForwardAsync));
        routes.Map("/api/cp/tenants/{id}/import", guard.Protect(ImportAsync));
    }

    private Task ForwardAsync(HttpContext context)
    {
        var text = (string?)context.Request.RouteValues["id"] ?? "";
        return TenantId.TryParse(text, out var tenant) && tenants.Get(tenant) is not null
            ? nodes.HandleAsync(context, tenant)
            : JsonAnswer.WriteAsync(context, RegistryProblems.Unknown(text));
    }

    /// <summary>The tenant may be one that is to be made.</summary>
    private Task ImportAsync(HttpContext context)
    {
        var (request, problem) = ImportRequest.Read(context.Request);
        problem ??= ImportRequest.Allow(context, importBytesMax);
        return problem is null
            ? nodes.HandleAsync(context, request!.Tenant)
            : JsonAnswer.WriteAsync(context, problem);
    }
}
