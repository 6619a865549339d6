using System.Collections.Concurrent;
using Platform.Messages.Identity;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Hosting;

/// <summary>
/// Bounds the files that the node's shards hold open: when too many are awake, the least recently used ones are put to
/// rest, a few more than needed, so that it is not done for each.
/// </summary>
internal sealed class ShardResting(ConcurrentDictionary<TenantId, ShardEntry> entries, AwakeShards awake)
{
    /// <summary>Costs nothing while there is room.</summary>
    public Task RestIfFullAsync()
    {
        if (awake.IsFull) RestOldest();
        return Task.CompletedTask;
    }

    private void RestOldest()
    {
        var count = 0;
        var unused = new List<(long LastUsed, Shard Shard)>();
        foreach (var (_, entry) in entries)
        {
            if (entry.Opened is not { IsAwake: true } shard) continue;
            count++;
            if (!entry.IsBusy && shard.Users == 0) unused.Add((shard.LastUsed, shard));
        }

        var excess = Math.Clamp(count - (awake.Max - (awake.Max / 8)), 0, unused.Count);
        awake.Counted(count - excess);
        if (excess == 0) return;
        unused.Sort(static (left, right) => left.LastUsed.CompareTo(right.LastUsed));
        for (var index = 0; index < excess; index++) unused[index].Shard.BecomeIdle();
    }
}
