using Microsoft.Extensions.Logging;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Events;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;

namespace Platform.Cluster.Liveness;

/// <summary>
/// The coordinator's word that a node is lost before its lease has ended: the node's entry is removed, as if the lease
/// had ended. A node that lives after all hears of it and closes its tenants before it joins again.
/// </summary>
internal sealed partial class LostNodes(
    IClusterStore store, CoordinatorElection election, EventNotes notes, ILogger<LostNodes> logger) : ILossDecision
{
    public bool IsOurs => election.Term is not null;

    /// <summary>A process that starts again on its folder takes its entry over, and no tenant has to move.</summary>
    public bool EndsWithSuccessor => false;

    public async Task<StoreEntry?> FindAsync(WatchedProcess process, CancellationToken cancellationToken)
    {
        var entry = await store.GetAsync(ClusterKeys.Node(process.Node), cancellationToken);
        return entry is not null && entry.CreateRevision == process.Entry
            && NodeIdentity.Read(entry.Value) is { } document && document.Instance == process.Instance ? entry : null;
    }

    public async Task<bool> TryEndAsync(
        WatchedProcess process, StoreEntry found, string reason, CancellationToken cancellationToken)
    {
        if (election.Term is not { } term) return false;
        var commit = await store.CommitAsync(
            new StoreTransaction
            {
                Compares = [term.Guard, StoreCompare.Unchanged(found.Key, found.ModRevision)],
                Operations =
                [
                    StoreOperation.Delete(found.Key),
                    notes.Put(EventKinds.NodeDead, new EventNote { Node = process.Node, Reason = reason }),
                ],
            },
            cancellationToken);
        if (!commit.Succeeded) return false;
        LogDead(process.Node, reason);

        // Should the process live and hear nothing, its next renewal tells it.
        if (found.LeaseId != 0) await store.RevokeLeaseAsync(found.LeaseId, cancellationToken);
        return true;
    }

    [LoggerMessage(3158, LogLevel.Warning, "Node {NodeId} is dead: {Reason}; its lease is not waited for")]
    private partial void LogDead(string nodeId, string reason);
}
