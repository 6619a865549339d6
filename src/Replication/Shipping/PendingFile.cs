using Platform.Replication.Ltx;

namespace Platform.Replication.Shipping;

/// <summary>
/// A level-0 file that is encoded and not yet known to be stored. It keeps its bytes until it is: a retry under the
/// same name must offer the same content, or an answer that got lost would look like another owner.
/// </summary>
internal sealed class PendingFile(LtxSpool spool, WalRange range, ShippedState next) : IDisposable
{
    /// <summary>Where it is to be stored.</summary>
    public string Key { get; } = next.Key!;

    /// <summary>The file, when it is in memory.</summary>
    public ReadOnlyMemory<byte> Content => spool.Content;

    /// <summary>The file, when it is on the disk; else null.</summary>
    public string? Path => spool.Path;

    /// <summary>Its size, in bytes.</summary>
    public long Bytes => spool.Bytes;

    /// <summary>What it covers.</summary>
    public WalRange Range { get; } = range;

    /// <summary>The state once it is stored.</summary>
    public ShippedState Next { get; } = next;

    /// <summary>The time of its transaction.</summary>
    public DateTimeOffset Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(Next.TimestampMilliseconds);

    /// <summary>
    /// Gives the buffer back to the pool. Only once the name is known to be taken: an upload that was given up may
    /// still be reading the buffer, and could store what the pool's next user writes into it.
    /// </summary>
    public void Dispose() => spool.Dispose();
}
