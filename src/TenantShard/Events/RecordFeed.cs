using System.Collections.Immutable;

namespace Platform.TenantShard.Events;

/// <summary>
/// A shard's record events. The points where a hook may attach later are the places that use it: commands report
/// inside their savepoint, where what they did can still be refused (<see cref="Shards.WriteScope.Changed"/>), and the
/// drain publishes after the group is durable and acknowledged, in commit order. A group of which it was not known in
/// time whether it became durable is published once it has, before any later one.
/// </summary>
internal sealed class RecordFeed
{
    private ImmutableArray<IRecordListener> _listeners = [];

    public bool IsObserved
    {
        get
        {
            foreach (var listener in _listeners)
                if (listener.IsListening) return true;
            return false;
        }
    }

    /// <summary>Adds a listener for the life of the shard.</summary>
    public void Attach(IRecordListener listener) =>
        ImmutableInterlocked.Update(ref _listeners, static (all, added) => all.Add(added), listener);

    public void Publish(RecordChanges changes)
    {
        foreach (var listener in _listeners)
            if (listener.IsListening) listener.Take(changes);
    }
}
