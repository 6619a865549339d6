namespace Platform.Replication.Scrubbing;

/// <summary>What a verification found.</summary>
public enum ScrubOutcome
{
    /// <summary>It could not be made just now: nothing was shipped yet, a checkpoint ran, or upkeep did.</summary>
    Skipped,

    /// <summary>The replica restores to what the database is.</summary>
    Verified,

    /// <summary>
    /// A file was damaged or missing. A snapshot has made the newest state restorable again, and that is verified.
    /// </summary>
    Repaired,

    /// <summary>A file is damaged or missing, and a snapshot could not be written: to be tried again.</summary>
    Damaged,

    /// <summary>
    /// Every file is whole, and yet the replica restores to something else than the database. Nothing can say which of
    /// the two is right, so nothing is written or deleted any more until an operator has decided.
    /// </summary>
    Different,
}
