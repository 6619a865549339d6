using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;
using Platform.Replication.Shipping;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Events;
using Platform.TenantShard.Files;
using Platform.TenantShard.Lifecycle;
using Platform.TenantShard.Logs;
using Platform.TenantShard.Scheduling;

namespace Platform.TenantShard.Shards;

/// <summary>What an activation has opened: the pieces that a shard is made of.</summary>
internal sealed class ShardParts
{
    public required ShardWriter Writer { get; init; }

    public required ReaderPool Readers { get; init; }

    public required ShardShipping Shipping { get; init; }

    /// <summary>Merges, snapshots and deletes what the replica consists of.</summary>
    public required ReplicaUpkeep Upkeep { get; init; }

    public required SchemaSnapshot Schema { get; init; }

    public required FileStorage Files { get; init; }

    /// <summary>Where what happens is written down.</summary>
    public LogStorage? Logs { get; init; }

    /// <summary>What commands do to records.</summary>
    public RecordFeed Feed { get; } = new();

    public required SqliteSlots Slots { get; init; }

    public required ShardMetrics Metrics { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>
    /// The command that must run before the first write to a fresh database; null once it is initialised.
    /// </summary>
    public required Func<SchemaSnapshot, WriteCommand<bool>?> Initialization { get; init; }

    /// <summary>False when this node may have been taken for lost.</summary>
    public required Func<bool> MayAcknowledge { get; init; }

    /// <summary>Tells the host's maintenance that there is something to ship in the background.</summary>
    public required Action MarkUnshipped { get; init; }

    /// <summary>Keeps what a clean close leaves, for the next activation in this process.</summary>
    public required Action<ReplicaMemory> Remember { get; init; }

    /// <summary>Deletes the local copy; used when it must not be trusted.</summary>
    public required Action DiscardLocalCopy { get; init; }

    /// <summary>True while the shard holds files open.</summary>
    public bool IsAwake => Writer.IsOpen || Readers.IsOpen || Shipping.HoldsFiles;

    /// <summary>
    /// Closes every file of a shard that nobody uses, until somebody does. All of it is stored and folded into the
    /// database first, so that what lies there meanwhile is a whole database without a WAL. Runs on the drain.
    /// </summary>
    public void TryRest()
    {
        if (Shipping.OldestUnshipped != 0) return;
        if (Shipping.Replica.WalBytes > 0 && !Shipping.Checkpoint(Writer.Open())) return;
        Readers.TryCloseAll(() =>
        {
            Writer.Dispose();
            Shipping.Rest();
        });
    }

    /// <summary>
    /// Closes the connections. A shard that drained ships and checkpoints its last commits first and records the
    /// position, so that the next activation can go on from the local copy; a faulted one ships what its WAL still
    /// proves (acknowledged writes of local durability) and discards the copy; a fenced one only discards it.
    /// </summary>
    /// <param name="state">Of the shard.</param>
    /// <param name="shipped">Told as soon as it is known whether object storage has everything.</param>
    /// <param name="others">Its end is waited for before the copy is discarded.</param>
    public async Task CloseAsync(ShardState state, Action<bool>? shipped, Task others)
    {
        var isShipped = state != ShardState.Fenced && await Shipping.TryShipAsync();
        shipped?.Invoke(isShipped);
        await Upkeep.DisposeAsync();
        Readers.Dispose();
        // What was never written to has nothing to checkpoint, nor has what rests.
        var isClean = state == ShardState.Draining && isShipped
            && (Shipping.Replica.Position == Txid.None || (!Writer.IsOpen && Shipping.Replica.WalBytes == 0)
                || Shipping.Checkpoint(Writer.Open()));
        Writer.Dispose();
        await Shipping.Replica.CloseAsync(isClean, CancellationToken.None);
        if (Shipping.Replica.Memory is { } memory) Remember(memory);
        Shipping.Dispose();
        // An unshipped commit exists nowhere else: then even a faulted copy is kept, for the next activation to judge.
        if (state != ShardState.Fenced && (state != ShardState.Faulted || !isShipped)) return;
        await others;
        DiscardLocalCopy();
    }
}
