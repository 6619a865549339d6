using System.Threading.Channels;

namespace Platform.Cluster.Store.Embedded;

/// <summary>
/// One watch that has caught up. When its reader falls behind, the channel is closed and the watch catches up from
/// history: nothing is lost and nothing grows.
/// </summary>
internal sealed class EmbeddedWatcher(string from, string to)
{
    /// <summary>Revisions held for a slow reader before it must catch up from history.</summary>
    private const int LengthMax = 256;

    private readonly Channel<StoreChanges> _channel = Channel.CreateBounded<StoreChanges>(
        new BoundedChannelOptions(LengthMax) { SingleReader = true, SingleWriter = true });

    public ChannelReader<StoreChanges> Changes => _channel.Reader;

    /// <summary>Offers a committed revision; false when the watch is no longer live.</summary>
    public bool Offer(StoreChanges committed)
    {
        var mine = committed.Changes
            .Where(change => string.CompareOrdinal(change.Key, from) >= 0 && string.CompareOrdinal(change.Key, to) < 0)
            .ToList();
        if (mine.Count == 0 || _channel.Writer.TryWrite(committed with { Changes = mine })) return true;
        _channel.Writer.TryComplete();
        return false;
    }

    public void Close(Exception? cause) => _channel.Writer.TryComplete(cause);
}
