using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Platform.Cluster.Store;

namespace Platform.Cluster.Membership;

/// <summary>The process's exact copy of all nodes. Readers take <see cref="Nodes"/>, which never changes.</summary>
internal sealed class NodeTable(TimeProvider time) : IPrefixCopy
{
    /// <summary>Revision of what is known of each key; the deleted are forgotten.</summary>
    private readonly Dictionary<string, long> _revisions = new(StringComparer.Ordinal);
    private volatile ImmutableSortedDictionary<string, NodeState> _nodes =
        ImmutableSortedDictionary.Create<string, NodeState>(StringComparer.Ordinal);

    /// <summary>Raised after each change; for the coordinator.</summary>
    public ChangeSignal Changed { get; } = new();

    /// <summary>Told after all changes of a revision are in. Must return at once.</summary>
    public event Action? Settled;

    /// <summary>Told of each entry of a node that was removed, and at which revision. Must return at once.</summary>
    public event Action<string, long>? Removed;

    public IReadOnlyDictionary<string, NodeState> Nodes => _nodes;

    public NodeState? Find(string id) => _nodes.GetValueOrDefault(id);

    public void Put(StoreEntry entry)
    {
        if (_revisions.GetValueOrDefault(entry.Key) >= entry.ModRevision) return;
        _revisions[entry.Key] = entry.ModRevision;
        if (Split(entry.Key, ClusterKeys.Nodes) is { } node)
            Change(node, state => Heard(state, Read(entry, MembershipJson.Default.NodeDocument)) with
            {
                Joined = entry.CreateRevision,
            });
        else if (Split(entry.Key, ClusterKeys.KnownNodes) is { } known)
            Change(known, state => state with { Record = Read(entry, MembershipJson.Default.NodeRecord) });
        else if (Split(entry.Key, ClusterKeys.CordonedNodes) is { } cordoned)
            Change(cordoned, state => state with { Cordon = Read(entry, MembershipJson.Default.NodeCordon) });
    }

    public void Remove(string key, long revision)
    {
        if (!_revisions.TryGetValue(key, out var known) || known > revision) return;
        _revisions.Remove(key);
        if (Split(key, ClusterKeys.Nodes) is { } node)
        {
            Change(node, state => state with { Document = null });
            Removed?.Invoke(node, revision);
        }
        else if (Split(key, ClusterKeys.KnownNodes) is { } record) Change(record, state => state with { Record = null });
        else if (Split(key, ClusterKeys.CordonedNodes) is { } cordon) Change(cordon, state => state with { Cordon = null });
    }

    public void RetainOnly(IReadOnlySet<string> keys, long revision)
    {
        foreach (var key in _revisions.Keys.Where(key => !keys.Contains(key)).ToList()) Remove(key, revision);
    }

    public void Settle()
    {
        Changed.Raise();
        Settled?.Invoke();
    }

    /// <summary>The first heartbeat that is heard may be old already: only those after it tell its clock.</summary>
    private NodeState Heard(NodeState state, NodeDocument? document) => state with
    {
        Document = document,
        HeardAt = time.GetTimestamp(),
        ClockSkew = document is not null && document.Instance == state.Document?.Instance
            ? document.Heartbeat - time.GetUtcNow()
            : TimeSpan.Zero,
    };

    private void Change(string id, Func<NodeState, NodeState> change)
    {
        var changed = change(_nodes.GetValueOrDefault(id) ?? new NodeState(id, null, 0, null, null));

        // A cordon alone is kept in the store for the node's return, but is no node.
        _nodes = changed is { Document: null, Record: null, Cordon: null }
            ? _nodes.Remove(id)
            : _nodes.SetItem(id, changed);
    }

    private static string? Split(string key, string prefix) =>
        key.StartsWith(prefix, StringComparison.Ordinal) ? key[prefix.Length..] : null;

    private static T? Read<T>(StoreEntry entry, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(entry.Value.Span, type);
        }
        catch (JsonException)
        {
            // Written by a release that is too new, or by hand: as if it were not there.
            return null;
        }
    }
}
