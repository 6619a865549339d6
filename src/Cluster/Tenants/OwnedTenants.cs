using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Platform.Cluster.Http;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;
using Platform.Messages.Identity;
using Platform.Messages.Routing;

namespace Platform.Cluster.Tenants;

/// <summary>
/// Requests that gateways send to this node, and those of operators about a tenant's data that control planes send:
/// answered while the node is a member and owns the tenant; else 421 with the epoch that the node knows, which says that
/// nothing was done here.
/// </summary>
internal sealed class OwnedTenants(
    ShardTenants tenants, TenantIndex index, RouteMap routes, RoutedOwnership ownership, ReleasedTenants released,
    LocalNode node, InternalGuard guard)
{
    private volatile bool _isEnding;

    /// <summary>From now on everything is denied: the node is empty and about to leave.</summary>
    public void DenyAll() => _isEnding = true;

    public static bool IsMeant(HttpContext context) => context.Request.Headers.ContainsKey(ForwardHeaders.Tenant);

    /// <param name="context">The request.</param>
    /// <param name="operators">The admin API of this process.</param>
    public async Task HandleAsync(HttpContext context, RequestDelegate operators)
    {
        if (!guard.Accepts(context))
        {
            await JsonAnswer.WriteAsync(context, new ApiProblem(
                StatusCodes.Status403Forbidden, "The cluster's secret is missing or wrong."));
            return;
        }

        if (!TenantId.TryParse(context.Request.Headers[ForwardHeaders.Tenant].ToString(), out var tenant))
        {
            await JsonAnswer.WriteAsync(context, new ApiProblem(400, "The request names no tenant."));
            return;
        }

        var operation = context.Request.Headers[ForwardHeaders.Operation].ToString();
        if (!await IsMeantHereAsync(tenant, operation, context.RequestAborted))
        {
            await DenyAsync(context, tenant);
            return;
        }

        BelieveGateway(context);
        if (operation.Length > 0) await operators(context);
        else if (!await tenants.TryHandleAsync(context, tenant)) await DenyAsync(context, tenant);
    }

    /// <summary>What was decided on a newer registry than this process has is denied, until it has heard of it.</summary>
    private ValueTask<bool> IsMeantHereAsync(TenantId tenant, string operation, CancellationToken aborted) =>
        operation switch
        {
            "" => IsOwnedAsync(tenant, aborted),
            TenantOperation.Anywhere => ValueTask.FromResult(true),
            TenantOperation.WhereKnown => ValueTask.FromResult(index.Get(tenant) is not null),
            _ => index.Find(tenant) is null ? ValueTask.FromResult(false) : IsOwnedAsync(tenant, aborted),
        };

    private async ValueTask<bool> IsOwnedAsync(TenantId tenant, CancellationToken aborted)
    {
        if (_isEnding || !ownership.IsServing) return false;
        if (routes.TryFind(tenant, out var route) && route.Node == node.Id) return !released.Contains(tenant, route.Epoch);

        // The gateway may know of a new route a moment before this process.
        return await ownership.FindEpochAsync(tenant, aborted) is not null;
    }

    private Task DenyAsync(HttpContext context, TenantId tenant)
    {
        var isKnown = routes.TryFind(tenant, out var route);
        if (_isEnding) context.Response.Headers.Connection = "close";
        if (_isEnding || (isKnown && released.Contains(tenant, route.Epoch)))
            context.Response.Headers[ForwardHeaders.Moving] = "1";
        var epoch = isKnown && route.Node != node.Id ? route.Epoch : 0;
        context.Response.Headers[ForwardHeaders.Misdirected] = epoch.ToString(CultureInfo.InvariantCulture);
        return JsonAnswer.WriteAsync(context, new ApiProblem(
            StatusCodes.Status421MisdirectedRequest, "This node does not own the tenant; nothing was done."));
    }

    /// <summary>The client is the one that the gateway saw.</summary>
    private static void BelieveGateway(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (IPAddress.TryParse(headers[ForwardHeaders.ClientAddress].ToString(), out var client))
            context.Connection.RemoteIpAddress = client;
        if (headers[ForwardHeaders.ClientScheme].ToString() is { Length: > 0 } scheme) context.Request.Scheme = scheme;
        headers.Remove(ForwardHeaders.Tenant);
        headers.Remove(ForwardHeaders.Secret);
        headers.Remove(ForwardHeaders.ClientAddress);
        headers.Remove(ForwardHeaders.ClientScheme);
    }
}
