using Platform.Replication.Ltx;
using Platform.Replication.Wal;

namespace Platform.Replication.Shipping;

/// <summary>Everything that the next LTX file builds on. Immutable: replaced whole when a file is stored.</summary>
internal sealed record ShippedState
{
    /// <summary>Nothing was ever shipped.</summary>
    public static ShippedState Empty { get; } = new();

    /// <summary>The last transaction that the replica holds.</summary>
    public Txid Txid { get; init; }

    /// <summary>The end of that transaction in the WAL.</summary>
    public WalPosition Wal { get; init; }

    /// <summary>The size of the database in pages after it.</summary>
    public uint Commit { get; init; }

    /// <summary>The page size, in bytes; 0 while <see cref="Empty"/>.</summary>
    public int PageBytes { get; init; }

    /// <summary>The size of the database after it, in bytes.</summary>
    public long DatabaseBytes => (long)Commit * PageBytes;

    /// <summary>Its time, in milliseconds since the Unix epoch. Times never go back along the line.</summary>
    public long TimestampMilliseconds { get; init; }

    /// <summary>The key of the replica's file that ends with it.</summary>
    public string? Key { get; init; }

    /// <summary>The checksum in that file's trailer.</summary>
    public ulong Checksum { get; init; }

    /// <summary>True while the database file alone, without the WAL, holds this transaction.</summary>
    public bool IsInFile { get; init; }

    /// <summary>
    /// True when SQLite may start the WAL anew without losing anything: a checkpoint was tried when all was shipped,
    /// and nothing was committed since. A restart at any other time means that something else checkpointed.
    /// </summary>
    public bool MayRestart { get; init; }
}
