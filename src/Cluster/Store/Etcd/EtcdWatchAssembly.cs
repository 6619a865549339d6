using Platform.Cluster.Store.Etcd.Wire;

namespace Platform.Cluster.Store.Etcd;

/// <summary>
/// Messages of a watch to revisions. A message holds several revisions; a large one comes in fragments, which may cut a
/// revision in two.
/// </summary>
internal sealed class EtcdWatchAssembly(EtcdKeys keys)
{
    private readonly List<StoreChange> _changes = [];
    private long _revision;

    /// <summary>The revisions that are complete.</summary>
    public IEnumerable<StoreChanges> Take(WatchResponse message)
    {
        foreach (var change in message.Events)
        {
            if (change.Kv.ModRevision != _revision && Complete() is { } complete) yield return complete;
            _revision = change.Kv.ModRevision;
            _changes.Add(change.Type == WatchEvent.Types.EventType.Put
                ? new StoreChange(keys.Decode(change.Kv.Key), keys.ToEntry(change.Kv))
                : new StoreChange(keys.Decode(change.Kv.Key), null));
        }

        if (!message.Fragment && Complete() is { } last) yield return last;
    }

    private StoreChanges? Complete()
    {
        if (_changes.Count == 0) return null;
        var complete = new StoreChanges(_revision, _changes.ToArray());
        _changes.Clear();
        return complete;
    }
}
