using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;

namespace Platform.Cluster.Coordinator;

/// <summary>
/// The plain way to move a tenant: the owner stores and closes it and opens it no more, the route is written, the new
/// owner opens it. Requests meanwhile are held by the gateways, for about as long as an activation takes.
/// </summary>
internal sealed partial class ReleaseMover(
    NodeTable nodes, RouteMap routes, RouteTransactions transactions, InternalClient client,
    ILogger<ReleaseMover> logger) : ITenantMover
{
    public async Task<bool> MoveAsync(
        CoordinatorTerm term, PlannedMove move, string reason, CancellationToken cancellationToken)
    {
        if (!routes.TryFind(move.Tenant, out var route) || route.Node != move.From) return false;
        if (nodes.Find(move.To)?.Document is null || nodes.Find(move.From)?.Document is not { } owner) return false;
        var source = new Uri(owner.Address);
        if (!await AskAsync(source, move, route.Epoch, "release", cancellationToken)) return false;
        var written = await transactions.TryWriteAsync(
            term, move.Tenant, route.Epoch,
            new ShardRouteDocument { Node = move.To, Activate = move.IsActive, Reason = reason }, cancellationToken);
        if (written is not null) return true;
        await AskAsync(source, move, route.Epoch, "resume", cancellationToken);
        return false;
    }

    private async Task<bool> AskAsync(
        Uri node, PlannedMove move, long epoch, string verb, CancellationToken cancellationToken)
    {
        try
        {
            var (status, body) = await client.PostAsync(
                NodeTenantEndpoints.UrlOf(node, move.Tenant, verb), new TenantCommand { Epoch = epoch },
                InternalJson.Default.TenantCommand, cancellationToken);
            if (status == StatusCodes.Status204NoContent) return true;
            LogRefused(move.From, verb, move.Tenant.Value, InternalClient.MessageOf(body));
        }
        catch (HttpRequestException failure)
        {
            LogRefused(move.From, verb, move.Tenant.Value, failure.Message);
        }

        return false;
    }

    [LoggerMessage(3134, LogLevel.Warning, "Node {NodeId} did not {Verb} tenant {TenantId}: {Reason}")]
    private partial void LogRefused(string nodeId, string verb, string tenantId, string reason);
}
