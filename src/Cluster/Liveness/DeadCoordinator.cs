using Microsoft.Extensions.Logging;
using Platform.Cluster.Events;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;

namespace Platform.Cluster.Liveness;

/// <summary>
/// The end of an office whose holder is dead, by any control plane: the key is removed, and whoever makes it anew is the
/// coordinator, under a new epoch. A holder that lives after all can decide nothing from then on, and stands down.
/// </summary>
internal sealed partial class DeadCoordinator(IClusterStore store, EventNotes notes, ILogger<DeadCoordinator> logger)
    : ILossDecision
{
    public bool IsOurs => true;

    /// <summary>An office is not inherited.</summary>
    public bool EndsWithSuccessor => true;

    public async Task<StoreEntry?> FindAsync(WatchedProcess process, CancellationToken cancellationToken) =>
        await store.GetAsync(ClusterKeys.Coordinator, cancellationToken) is { } entry
        && entry.CreateRevision == process.Entry ? entry : null;

    public async Task<bool> TryEndAsync(
        WatchedProcess process, StoreEntry found, string reason, CancellationToken cancellationToken)
    {
        var commit = await store.CommitAsync(
            new StoreTransaction
            {
                Compares = [StoreCompare.Unchanged(found.Key, found.ModRevision)],
                Operations =
                [
                    StoreOperation.Delete(found.Key),
                    notes.Put(EventKinds.CoordinatorDead, new EventNote { Node = process.Node, Reason = reason }),
                ],
            },
            cancellationToken);
        if (!commit.Succeeded) return false;
        LogDead(process.Node, process.Entry, reason);
        if (found.LeaseId != 0) await store.RevokeLeaseAsync(found.LeaseId, cancellationToken);
        return true;
    }

    [LoggerMessage(3159, LogLevel.Warning,
        "The coordinator {NodeId} is dead, epoch {Epoch}: {Reason}; its lease is not waited for")]
    private partial void LogDead(string nodeId, long epoch, string reason);
}
