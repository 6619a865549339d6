using Platform.Replication.Maintenance;

namespace Platform.Replication.Shipping;

/// <summary>
/// What a cleanly closed <see cref="DatabaseReplica"/> knew, so that the same process can open it again without asking
/// object storage anything: for a database that is used now and then, most requests are those of its openings. To be used
/// once, and only while nobody else can have become the owner: had somebody written, the next ship would find the name
/// taken and be fenced.
/// </summary>
public sealed class ReplicaMemory
{
    internal ReplicaMemory(
        DatabaseReplicaOptions options, ShippedState state, (long Bytes, long ModifiedTicks)? stamp, ReplicaInventory files)
    {
        (ReplicaPath, DatabasePath, State, Stamp, Files) =
            (options.ReplicaPath, options.DatabasePath, state, stamp, files);
    }

    internal string ReplicaPath { get; }

    internal string DatabasePath { get; }

    internal ShippedState State { get; }

    /// <summary>Size and time of the database file when it was closed.</summary>
    internal (long Bytes, long ModifiedTicks)? Stamp { get; }

    internal ReplicaInventory Files { get; }

    /// <summary>
    /// Opens the database; null when the local file is not as it was left, and must be opened in the ordinary way.
    /// </summary>
    public DatabaseReplica? TryReopen(DatabaseReplicaOptions options) =>
        new ReplicaOpening(options, new DatabaseFile(options.DatabasePath)).TryReopen(this);
}
