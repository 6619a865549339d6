using Platform.Cluster.Scheduling;
using Platform.Cluster.Store;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Snapshots;

/// <summary>Makes a snapshot when the newest one is old enough, in the process that is the coordinator.</summary>
internal sealed class SnapshotSchedule(
    ClusterSnapshots snapshots, TimeSpan interval, int kept, Func<bool> isLeading, TimeProvider time)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    /// <summary>Runs until it is stopped; an interval of zero makes none.</summary>
    public Task RunAsync(CancellationToken stopping) => interval == TimeSpan.Zero
        ? Task.CompletedTask
        : PeriodicLoop.RunAsync(
            time, interval < LookInterval ? interval : LookInterval,
            stop => isLeading() ? LookAsync(stop) : Task.CompletedTask, stopping);

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            var all = await snapshots.ListAsync(stopping);
            if (all.Count > 0 && time.GetUtcNow() - all[^1].Created < interval) return;
            await snapshots.SaveAsync("by schedule", stopping);
            await snapshots.PruneAsync(kept, stopping);
        }
        catch (Exception failure) when (failure is ClusterStoreException or ObjectStoreException)
        {
            // Logged and told where it happened; the next look tries again.
        }
    }
}
