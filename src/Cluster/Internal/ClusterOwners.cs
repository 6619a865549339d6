using System.Text.Json;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Gateway.Owners;
using Platform.Messages.Identity;

namespace Platform.Cluster.Internal;

/// <summary>Owners for a gateway: the routes from memory, and the coordinator, in this process or another.</summary>
internal sealed class ClusterOwners(NodeTable nodes, RouteMap routes, CoordinatorCopy office, InternalClient client)
    : ITenantOwners
{
    private readonly RouteWaits _waits = new(routes);

    /// <summary>Set in a process that may be the coordinator itself: no call to itself over the network.</summary>
    public AssignEndpoint? Local { get; set; }

    public TenantOwner? Find(TenantId tenant) =>
        routes.TryFind(tenant, out var route) && nodes.Find(route.Node)?.Target is { } owner
            ? new TenantOwner(owner, route.Epoch)
            : null;

    public bool IsAlive(NodeAddress node) => nodes.Find(node.Id)?.Target is { } present && present.Url == node.Url;

    public async Task<TenantOwner> PlaceAsync(TenantId tenant, long knownEpoch, CancellationToken cancellationToken)
    {
        var answer = await AskHereAsync(tenant, knownEpoch, cancellationToken)
            ?? await AskThereAsync(tenant, knownEpoch, cancellationToken);
        routes.Put(new ShardRoute(
            tenant, answer.Node, answer.Epoch, new ShardRouteDocument { Node = answer.Node, Reason = "assigned" }));
        return new TenantOwner(new NodeAddress(answer.Node, new Uri(answer.Address)), answer.Epoch);
    }

    public Task WhenMovedAsync(TenantId tenant, long knownEpoch, CancellationToken cancellationToken) =>
        _waits.WhenAsync(tenant, () => Find(tenant)?.Epoch > knownEpoch, cancellationToken);

    private async Task<AssignAnswer?> AskHereAsync(TenantId tenant, long knownEpoch, CancellationToken cancellationToken)
    {
        try
        {
            return Local is { } local ? await local.AssignAsync(tenant, knownEpoch, cancellationToken) : null;
        }
        catch (Exception failure) when (failure is CoordinatorReplacedException or ClusterStoreException)
        {
            throw new OwnerUnavailableException("The tenant cannot be placed at the moment.", failure);
        }
    }

    private async Task<AssignAnswer> AskThereAsync(TenantId tenant, long knownEpoch, CancellationToken cancellationToken)
    {
        if (office.Current is not { } coordinator)
            throw new OwnerUnavailableException("The tenant cannot be placed: the cluster has no coordinator now.");
        try
        {
            var (status, body) = await client.PostAsync(
                new Uri(new Uri(coordinator.Address), AssignEndpoint.Path),
                new AssignRequest { Tenant = tenant.Value, KnownEpoch = knownEpoch },
                CoordinatorJson.Default.AssignRequest,
                cancellationToken);
            return status == 200 && JsonSerializer.Deserialize(body, CoordinatorJson.Default.AssignAnswer) is { } answer
                ? answer
                : throw new OwnerUnavailableException(
                    InternalClient.MessageOf(body) is { Length: > 0 } message ? message : "The tenant cannot be placed.");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            throw new OwnerUnavailableException("The tenant cannot be placed: the coordinator does not answer.", failure);
        }
    }
}
