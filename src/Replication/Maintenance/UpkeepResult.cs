namespace Platform.Replication.Maintenance;

/// <summary>What one run of upkeep did.</summary>
/// <param name="Merges">Files merged from others.</param>
/// <param name="Snapshots">Snapshots written: 0 or 1.</param>
/// <param name="Deletions">Files deleted.</param>
public readonly record struct UpkeepResult(int Merges, int Snapshots, int Deletions)
{
    /// <summary>True when nothing was asked of the store.</summary>
    public bool IsNothing => this == default;
}
