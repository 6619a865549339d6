using Platform.Cluster.Membership;
using Platform.Cluster.Store;

namespace Platform.Cluster.Snapshots;

/// <summary>
/// Copies the whole store as it was at one revision. Pages of a listing are not of one moment, so the changes since the
/// first page are applied up to a mark of our own.
/// </summary>
internal static class StoreCapture
{
    /// <summary>Its revision is the one that the copy shows.</summary>
    private const string Mark = "/snapshot-mark";

    /// <exception cref="ClusterStoreException">The store does not answer, or forgot the changes meanwhile.</exception>
    public static async Task<(long Revision, SortedDictionary<string, byte[]> Entries)> TakeAsync(
        IClusterStore store, CancellationToken cancellationToken)
    {
        var copy = new Dictionary<string, StoreEntry>(StringComparer.Ordinal);
        var first = await store.ReadAllAsync("/", entry => copy[entry.Key] = entry, cancellationToken);
        var mark = await store.CommitAsync(
            new StoreTransaction { Operations = [StoreOperation.Put(Mark, default)] }, cancellationToken);
        await foreach (var changes in store.WatchAsync("/", first + 1, cancellationToken))
        {
            foreach (var change in changes.Changes) Apply(copy, change, changes.Revision);
            if (changes.Revision >= mark.Revision) break;
        }

        var kept = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in copy.Values.Where(IsKept)) kept[entry.Key] = entry.Value.ToArray();
        return (mark.Revision, kept);
    }

    private static bool IsKept(StoreEntry entry) =>
        entry.LeaseId == 0 && entry.Key is not (Mark or EpochBase.Key or SecretProof.Key);

    private static void Apply(Dictionary<string, StoreEntry> copy, StoreChange change, long revision)
    {
        var present = copy.GetValueOrDefault(change.Key);
        if (present?.ModRevision > revision) return;
        if (change.Entry is { } entry) copy[change.Key] = entry;
        else copy.Remove(change.Key);
    }
}
