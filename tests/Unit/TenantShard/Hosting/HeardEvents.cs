using System.Collections.Concurrent;
using Platform.TenantShard.Events;

namespace Platform.TenantShard.Tests.Hosting;

/// <summary>Listens to a shard and keeps the ids of records in the order in which it heard of them.</summary>
internal sealed class HeardEvents : IRecordListener
{
    private readonly ConcurrentQueue<string> _ids = new();

    public string[] Ids => [.. _ids];

    public bool IsListening => true;

    public void Take(RecordChanges changes)
    {
        foreach (var change in changes.Events) _ids.Enqueue(change.RecordId);
    }
}
