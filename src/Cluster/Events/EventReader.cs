using System.Text;
using System.Text.Json;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Cluster.Tenants;

namespace Platform.Cluster.Events;

/// <summary>
/// What changes of the store mean. Fed with every change of every key in order, it tells the same events under the same
/// ids in every process. Used by one task.
/// </summary>
internal sealed class EventReader
{
    /// <summary>The last words of living nodes; as many as there are nodes.</summary>
    private readonly Dictionary<string, NodeDocument> _nodes = new(StringComparer.Ordinal);

    /// <summary>Nodes that said goodbye and whose lease ends in a moment.</summary>
    private readonly HashSet<string> _leaving = new(StringComparer.Ordinal);

    /// <summary>The newest heartbeat that was read: a clock for changes that tell no time.</summary>
    public DateTimeOffset Clock { get; private set; }

    /// <param name="changes">Of one revision.</param>
    /// <param name="now">The time of events; null: that of <see cref="Clock"/>.</param>
    public IEnumerable<ClusterEvent> Read(StoreChanges changes, DateTimeOffset? now)
    {
        var index = 0;
        foreach (var change in changes.Changes)
        {
            if (Of(change) is not { } happened) continue;
            yield return happened with
            {
                Id = new EventId(changes.Revision, index++),
                Time = now ?? (happened.Time > DateTimeOffset.MinValue ? happened.Time : Clock),
            };
        }
    }

    private ClusterEvent? Of(StoreChange change)
    {
        var (key, entry) = change;
        if (After(key, ClusterKeys.Routes) is { } routed) return entry is null ? null : OfRoute(routed, entry);
        if (After(key, ClusterKeys.Nodes) is { } node) return entry is null ? OfLost(node) : OfNode(node, entry);
        if (After(key, ClusterKeys.KnownNodes) is { } known)
        {
            if (entry is null) _leaving.Add(known);
            return null;
        }

        if (After(key, ClusterKeys.CordonedNodes) is { } cordoned) return OfCordon(cordoned, entry);
        if (key == ClusterKeys.Coordinator) return OfCoordinator(entry);
        if (After(key, TenantKeys.Uncopied) is { } tenant) return entry is null ? null : OfTenant(tenant, entry);
        if (After(key, TenantKeys.Purging) is { } purged)
            return entry is null ? Make(EventKinds.TenantPurged) with { Tenant = purged } : null;
        return After(key, EventNotes.Prefix) is { } kind && entry is not null ? OfNote(kind, entry) : null;
    }

    private static ClusterEvent? OfRoute(string tenant, StoreEntry entry)
    {
        if (RouteMap.Read(entry) is not { } route) return null;
        var isNew = entry.CreateRevision == entry.ModRevision;
        return Make(isNew ? EventKinds.TenantAssigned : EventKinds.TenantMoved) with
        {
            Tenant = tenant,
            Node = route.Node,
            From = route.Document.From,
            Reason = route.Document.Reason,
        };
    }

    private ClusterEvent? OfNode(string id, StoreEntry entry)
    {
        if (NodeIdentity.Read(entry.Value) is not { } document) return null;
        if (document.Heartbeat > Clock) Clock = document.Heartbeat;
        _leaving.Remove(id);
        var before = _nodes.GetValueOrDefault(id);
        _nodes[id] = document;
        if (entry.CreateRevision == entry.ModRevision || (before is not null && before.Instance != document.Instance))
            return Make(EventKinds.NodeJoined) with { Node = id, Reason = string.Join(", ", document.Roles) };
        if (before is null || before.Problems.Count > 0 == document.Problems.Count > 0) return null;
        return document.Problems.Count > 0
            ? Make(EventKinds.NodeDegraded) with { Node = id, Reason = string.Join("; ", document.Problems) }
            : Make(EventKinds.NodeRecovered) with { Node = id };
    }

    private ClusterEvent OfLost(string id)
    {
        _nodes.Remove(id);
        return Make(_leaving.Remove(id) ? EventKinds.NodeLeft : EventKinds.NodeDown) with { Node = id };
    }

    private static ClusterEvent OfCordon(string id, StoreEntry? entry)
    {
        var isDraining = entry is not null && Parse(entry, MembershipJson.Default.NodeCordon) is { IsDraining: true };
        var kind = entry is null ? EventKinds.NodeUncordoned
            : isDraining ? EventKinds.NodeDraining : EventKinds.NodeCordoned;
        return Make(kind) with { Node = id };
    }

    private static ClusterEvent OfCoordinator(StoreEntry? entry) => entry is null
        ? Make(EventKinds.CoordinatorEnded)
        : Make(EventKinds.CoordinatorElected) with
        {
            Node = Parse(entry, CoordinatorJson.Default.CoordinatorDocument)?.Node,
        };

    /// <summary>The mark that a copy is old says what happened; an older release leaves it empty.</summary>
    private static ClusterEvent? OfTenant(string tenant, StoreEntry entry)
    {
        var kind = Encoding.ASCII.GetString(entry.Value.Span);
        return EventKinds.All.Contains(kind) ? Make(kind) with { Tenant = tenant } : null;
    }

    private static ClusterEvent? OfNote(string kind, StoreEntry entry) =>
        Parse(entry, EventJson.Default.EventNote) is { } note && EventKinds.All.Contains(kind)
            ? Make(kind) with
            {
                Time = note.Time,
                Tenant = note.Tenant,
                Node = note.Node,
                From = note.From,
                Reason = note.Reason,
            }
            : null;

    private static ClusterEvent Make(string kind) =>
        new() { Id = default, Kind = kind, Time = DateTimeOffset.MinValue };

    private static string? After(string key, string prefix) =>
        key.StartsWith(prefix, StringComparison.Ordinal) ? key[prefix.Length..] : null;

    private static T? Parse<T>(StoreEntry entry, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(entry.Value.Span, type);
        }
        catch (JsonException)
        {
            // Written by a release that is too new, or by hand.
            return null;
        }
    }
}
