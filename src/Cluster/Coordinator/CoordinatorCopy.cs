using System.Text.Json;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;

namespace Platform.Cluster.Coordinator;

/// <summary>Who the coordinator is, as this process knows from the store.</summary>
internal sealed class CoordinatorCopy : IPrefixCopy
{
    private volatile State _office = new(null, 0, 0);

    /// <summary>Raised after each change; for the election.</summary>
    public ChangeSignal Changed { get; } = new();

    /// <summary>Told after each change. Must return at once.</summary>
    public event Action? Settled;

    /// <summary>Null: there is none at the moment.</summary>
    public CoordinatorDocument? Current => _office.Document;

    /// <summary>The same, with the epoch of the office; 0: there is none.</summary>
    public (CoordinatorDocument? Document, long Epoch) Office => (_office.Document, _office.Epoch);

    /// <summary>True when an office is certainly over: something happened to the key after it, and it is another's.</summary>
    public bool HasEnded(long epoch) => _office is { } office && office.Revision > epoch && office.Epoch != epoch;

    public void Put(StoreEntry entry)
    {
        if (entry.Key != ClusterKeys.Coordinator || _office.Revision >= entry.ModRevision) return;
        _office = new State(Read(entry.Value), entry.CreateRevision, entry.ModRevision);
    }

    public void Remove(string key, long revision)
    {
        if (key != ClusterKeys.Coordinator || _office.Revision > revision) return;
        _office = new State(null, 0, revision);
    }

    public void RetainOnly(IReadOnlySet<string> keys, long revision)
    {
        if (!keys.Contains(ClusterKeys.Coordinator)) Remove(ClusterKeys.Coordinator, revision);
    }

    public void Settle()
    {
        Changed.Raise();
        Settled?.Invoke();
    }

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

    /// <param name="Document">Null: nobody is in office.</param>
    /// <param name="Epoch">Of the office.</param>
    /// <param name="Revision">Of the last change.</param>
    private sealed record State(CoordinatorDocument? Document, long Epoch, long Revision);
}
