using System.Collections.Concurrent;
using System.Text.Json;
using Platform.Cluster.Store;
using Platform.Messages.Identity;

namespace Platform.Cluster.Membership;

/// <summary>
/// The process's exact copy of all routes: by tenant without a lock, and by owner. Changes come from the watch and,
/// sooner, from transactions of this process; the revision decides.
/// </summary>
internal sealed class RouteMap : IPrefixCopy, IShardRoutes
{
    private readonly ConcurrentDictionary<string, ShardRoute> _byTenant = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<TenantId>> _byNode = new(StringComparer.Ordinal);

    /// <summary>Guards <see cref="_byNode"/> and the order of changes.</summary>
    private readonly Lock _changing = new();

    public event Action<ShardRoute?, ShardRoute?>? Changed;

    public int Count => _byTenant.Count;

    public bool TryFind(TenantId tenant, out ShardRoute route) => _byTenant.TryGetValue(tenant.Value, out route!);

    /// <summary>The tenants of a node.</summary>
    public IReadOnlyList<TenantId> TenantsOf(string node)
    {
        lock (_changing)
        {
            return _byNode.TryGetValue(node, out var tenants) ? [.. tenants] : [];
        }
    }

    public int CountOf(string node)
    {
        lock (_changing)
        {
            return _byNode.TryGetValue(node, out var tenants) ? tenants.Count : 0;
        }
    }

    /// <summary>The nodes that own something.</summary>
    public IReadOnlyList<string> Owners()
    {
        lock (_changing)
        {
            return [.. _byNode.Keys];
        }
    }

    /// <summary>Every route; a moment's copy.</summary>
    public IReadOnlyCollection<ShardRoute> All() => [.. _byTenant.Values];

    public void Put(StoreEntry entry)
    {
        if (Read(entry) is { } route) Put(route);
    }

    /// <summary>Takes a route that a transaction of this process wrote.</summary>
    public void Put(ShardRoute route)
    {
        ShardRoute? before;
        lock (_changing)
        {
            before = _byTenant.GetValueOrDefault(route.Tenant.Value);
            if (before?.Epoch >= route.Epoch) return;
            _byTenant[route.Tenant.Value] = route;
            if (before is not null) Forget(before);
            if (!_byNode.TryGetValue(route.Node, out var tenants)) _byNode[route.Node] = tenants = [];
            tenants.Add(route.Tenant);
        }

        Changed?.Invoke(before, route);
    }

    public void Remove(string key, long revision)
    {
        ShardRoute? before;
        lock (_changing)
        {
            var tenant = key[ClusterKeys.Routes.Length..];
            if (!_byTenant.TryGetValue(tenant, out before) || before.Epoch > revision) return;
            _byTenant.TryRemove(tenant, out _);
            Forget(before);
        }

        Changed?.Invoke(before, null);
    }

    public void RetainOnly(IReadOnlySet<string> keys, long revision)
    {
        foreach (var tenant in _byTenant.Keys)
            if (!keys.Contains(ClusterKeys.Routes + tenant)) Remove(ClusterKeys.Routes + tenant, revision);
    }

    public void Settle()
    {
        // Each change was told by itself.
    }

    /// <summary>The route of an entry; null when it is no tenant's or cannot be read.</summary>
    public static ShardRoute? Read(StoreEntry entry)
    {
        if (!TenantId.TryParse(entry.Key[ClusterKeys.Routes.Length..], out var tenant)) return null;
        try
        {
            return JsonSerializer.Deserialize(entry.Value.Span, MembershipJson.Default.ShardRouteDocument) is { } document
                ? new ShardRoute(tenant, document.Node, entry.ModRevision, document)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Forget(ShardRoute route)
    {
        if (!_byNode.TryGetValue(route.Node, out var tenants)) return;
        tenants.Remove(route.Tenant);
        if (tenants.Count == 0) _byNode.Remove(route.Node);
    }
}
