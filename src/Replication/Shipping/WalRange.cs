using Platform.Replication.Wal;

namespace Platform.Replication.Shipping;

/// <summary>The frames that become one LTX file.</summary>
/// <param name="From">Where they start.</param>
/// <param name="End">Where they end.</param>
/// <param name="Commit">The size of the database in pages after them.</param>
/// <param name="IsWhole">True when the file must hold the whole database.</param>
/// <param name="IsGapless">False when frames before them were lost to a checkpoint that was not ours.</param>
internal readonly record struct WalRange(
    WalPosition From, WalPosition End, uint Commit, bool IsWhole, bool IsGapless);
