namespace Platform.Cluster.Store.Etcd;

/// <summary>
/// The members of etcd and which of them is asked: always the same one until it fails, then the next in the list.
/// </summary>
internal sealed class EtcdMembers(IReadOnlyList<Uri> endpoints, int first)
{
    private int _current = first % endpoints.Count;

    public IReadOnlyList<Uri> All => endpoints;

    public int Count => endpoints.Count;

    public Uri Current => endpoints[Volatile.Read(ref _current)];

    /// <summary>Turns to the next one; of many callers that saw the same one fail only the first has an effect.</summary>
    public void Leave(Uri failed)
    {
        var index = Volatile.Read(ref _current);
        if (endpoints[index] != failed) return;
        Interlocked.CompareExchange(ref _current, (index + 1) % endpoints.Count, index);
    }
}
