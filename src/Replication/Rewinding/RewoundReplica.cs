using Platform.Replication.Ltx;

namespace Platform.Replication.Rewinding;

/// <summary>What going back did.</summary>
/// <param name="Before">The newest transaction of before: going back to it undoes this.</param>
/// <param name="Restored">The transaction whose state is the present one again.</param>
/// <param name="RestoredTime">When that was committed first.</param>
/// <param name="Txid">The newest transaction now; the one of before when that was asked for.</param>
/// <param name="Time">Its time.</param>
public sealed record RewoundReplica(
    Txid Before, Txid Restored, DateTimeOffset RestoredTime, Txid Txid, DateTimeOffset Time)
{
    /// <summary>False when the state was the present one already.</summary>
    public bool IsChanged => Txid != Before;
}
