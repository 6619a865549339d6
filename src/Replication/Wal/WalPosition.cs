namespace Platform.Replication.Wal;

/// <summary>
/// A place between two frames of one run of a WAL. The default, <see cref="None"/>, is before any WAL: the database
/// file alone is the state, and whatever run comes next is read from its start.
/// </summary>
/// <param name="Offset">In bytes from the start of the file; 0 for <see cref="None"/>.</param>
/// <param name="Salts">The run.</param>
/// <param name="Checksum">The running checksum of everything before.</param>
internal readonly record struct WalPosition(long Offset, WalSalts Salts, WalChecksum Checksum)
{
    /// <summary>Before any WAL.</summary>
    public static WalPosition None => default;

    /// <summary>True when this is <see cref="None"/>.</summary>
    public bool IsNone => Offset == 0;
}
