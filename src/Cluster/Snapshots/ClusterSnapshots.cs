using Microsoft.Extensions.Logging;
using Platform.Cluster.CommandLine;
using Platform.Cluster.Events;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Snapshots;

/// <summary>The control plane's snapshots in object storage: made, listed, read, and the oldest deleted.</summary>
internal sealed partial class ClusterSnapshots(
    IClusterStore store, IObjectStore objects, string node, EventNotes notes, TimeProvider time,
    ILogger<ClusterSnapshots> logger)
{
    /// <summary>A hundred thousand tenants are about ten megabytes.</summary>
    private const long BytesMax = 1L << 30;

    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    /// <exception cref="ObjectStoreException">Object storage does not answer.</exception>
    public async Task<(SnapshotEntry Entry, SnapshotHeader Header)> SaveAsync(
        string reason, CancellationToken cancellationToken)
    {
        try
        {
            var created = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
            var epochBase = await EpochBase.ReadAsync(store, cancellationToken);
            var (revision, entries) = await StoreCapture.TakeAsync(store, cancellationToken);
            var header = new SnapshotHeader
            {
                Created = created,
                Node = node,
                Version = PlatformCommand.Version,
                Revision = revision,
                EpochBase = epochBase,
                Entries = entries.Count,
            };
            var content = new ClusterSnapshot(header, entries).Encode();
            var name = SnapshotName.At(created);
            await objects.PutAsync(SnapshotName.ObjectOf(name), content, cancellationToken);
            LogSaved(name, entries.Count, content.Length);
            await notes.TellAsync(
                EventKinds.SnapshotSaved, new EventNote { Node = node, Reason = $"{name}, {reason}" }, cancellationToken);
            return (new SnapshotEntry(name, created, content.Length), header);
        }
        catch (Exception failure) when (failure is ClusterStoreException or ObjectStoreException)
        {
            LogNotSaved(failure);
            await notes.TellAsync(
                EventKinds.SnapshotFailed, new EventNote { Node = node, Reason = reason }, cancellationToken);
            throw;
        }
    }

    /// <summary>Oldest first.</summary>
    /// <exception cref="ObjectStoreException">Object storage does not answer.</exception>
    public async Task<List<SnapshotEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<SnapshotEntry>();
        await foreach (var entry in objects.ListAsync(SnapshotName.Folder, null, cancellationToken))
            if (SnapshotName.Of(entry.Key) is { } name && SnapshotName.TryParse(name, out var created))
                found.Add(new SnapshotEntry(name, created, entry.Bytes));
        return found;
    }

    /// <summary>Null: there is none of this name.</summary>
    /// <exception cref="FormatException">It cannot be read.</exception>
    /// <exception cref="ObjectStoreException">Object storage does not answer.</exception>
    public async Task<ClusterSnapshot?> ReadAsync(string name, CancellationToken cancellationToken) =>
        SnapshotName.TryParse(name, out _)
        && await objects.GetAsync(SnapshotName.ObjectOf(name), BytesMax, cancellationToken) is { } stored
            ? ClusterSnapshot.Decode(stored)
            : null;

    /// <summary>The newest that can be read; null when there is none.</summary>
    /// <exception cref="ObjectStoreException">Object storage does not answer.</exception>
    public async Task<ClusterSnapshot?> ReadNewestAsync(CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken);
        for (var index = all.Count - 1; index >= 0; index--)
        {
            try
            {
                return await ReadAsync(all[index].Name, cancellationToken);
            }
            catch (FormatException damage)
            {
                LogUnreadable(all[index].Name, damage.Message);
            }
        }

        return null;
    }

    /// <summary>Deletes the oldest until so many are left.</summary>
    /// <exception cref="ObjectStoreException">Object storage does not answer.</exception>
    public async Task PruneAsync(int kept, CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken);
        if (all.Count <= kept) return;
        await objects.DeleteAsync(
            [.. all.Take(all.Count - kept).Select(entry => SnapshotName.ObjectOf(entry.Name))], cancellationToken);
    }

    [LoggerMessage(3150, LogLevel.Information, "Snapshot {Name} is stored: {Entries} entries, {Bytes} bytes")]
    private partial void LogSaved(string name, int entries, int bytes);

    [LoggerMessage(3151, LogLevel.Error, "The control plane's snapshot could not be stored")]
    private partial void LogNotSaved(Exception failure);

    [LoggerMessage(3152, LogLevel.Error, "Snapshot {Name} cannot be read, an older one is looked for: {Reason}")]
    private partial void LogUnreadable(string name, string reason);
}
