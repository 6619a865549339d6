using System.Globalization;
using System.Text;
using Platform.Cluster.Store;

namespace Platform.Cluster.Membership;

/// <summary>
/// What is added to a route's revision to make the epoch that object storage knows. Revisions of an etcd that was lost
/// and made anew begin at 1; epochs must not, or every tenant would look as if a newer owner had it. The base is set
/// once, when a store is first filled, to the present time in microseconds: no store makes a million revisions a second
/// over its life. A store that was filled by an older release has none, which is 0.
/// </summary>
internal static class EpochBase
{
    public const string Key = "/epochs/base";

    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    public static async Task<long> ReadAsync(IClusterStore store, CancellationToken cancellationToken) =>
        await store.GetAsync(Key, cancellationToken) is { } entry ? Parse(entry) : 0;

    /// <summary>Of an empty store.</summary>
    public static Task BeginAsync(IClusterStore store, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.CommitAsync(
            new StoreTransaction
            {
                Compares = [StoreCompare.Absent(Key)],
                Operations = [Put((now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)],
            },
            cancellationToken);

    /// <summary>Makes every epoch from now on higher than <paramref name="floor"/>; never lowers one.</summary>
    public static async Task RaiseAsync(IClusterStore store, long floor, CancellationToken cancellationToken)
    {
        while (true)
        {
            var present = await store.GetAsync(Key, cancellationToken);
            if (present is not null && Parse(present) >= floor) return;
            var commit = await store.CommitAsync(
                new StoreTransaction
                {
                    Compares = [StoreCompare.Unchanged(Key, present?.ModRevision ?? 0)],
                    Operations = [Put(floor)],
                },
                cancellationToken);
            if (commit.Succeeded) return;
        }
    }

    private static StoreOperation Put(long value) =>
        StoreOperation.Put(Key, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    private static long Parse(StoreEntry entry) =>
        long.TryParse(Encoding.ASCII.GetString(entry.Value.Span), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ClusterStoreException($"the value of {Key} is no number");
}
