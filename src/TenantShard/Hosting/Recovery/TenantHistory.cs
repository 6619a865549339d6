using Platform.Replication.Ltx;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>One page of what a tenant can go back to.</summary>
/// <param name="Earliest">The oldest state; null when nothing was ever written.</param>
/// <param name="Latest">The newest state that can be restored.</param>
/// <param name="Newest">The newest transaction that has a file. Later than the latest: files are missing.</param>
/// <param name="Total">States on all pages.</param>
/// <param name="Items">Those of the page, newest first.</param>
public sealed record TenantHistory(
    HistoryEntry? Earliest, HistoryEntry? Latest, Txid Newest, int Total, IReadOnlyList<HistoryEntry> Items)
{
    /// <summary>True when the newest state can be restored.</summary>
    public bool IsComplete => Latest is null ? Newest == Txid.None : Latest.Txid == Newest;
}
