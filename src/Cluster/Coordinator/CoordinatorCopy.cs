using System.Text.Json;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;

namespace Platform.Cluster.Coordinator;

/// <summary>Who the coordinator is, as this process knows from the store.</summary>
internal sealed class CoordinatorCopy : IPrefixCopy
{
    private volatile CoordinatorDocument? _current;
    private long _revision;

    /// <summary>Raised after each change; for the election.</summary>
    public ChangeSignal Changed { get; } = new();

    /// <summary>Null: there is none at the moment.</summary>
    public CoordinatorDocument? Current => _current;

    public void Put(StoreEntry entry)
    {
        if (entry.Key != ClusterKeys.Coordinator || _revision >= entry.ModRevision) return;
        _revision = entry.ModRevision;
        _current = Read(entry.Value);
    }

    public void Remove(string key, long revision)
    {
        if (key != ClusterKeys.Coordinator || _revision > revision) return;
        _revision = revision;
        _current = null;
    }

    public void RetainOnly(IReadOnlySet<string> keys, long revision)
    {
        if (!keys.Contains(ClusterKeys.Coordinator)) Remove(ClusterKeys.Coordinator, revision);
    }

    public void Settle() => Changed.Raise();

    private static CoordinatorDocument? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize(value.Span, CoordinatorJson.Default.CoordinatorDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
