namespace Platform.Replication.Fencing;

/// <summary>A newer owner has announced itself, or the epoch belongs to another node: do not open the database.</summary>
/// <param name="epoch">The epoch that was to be used.</param>
/// <param name="newest">The highest epoch on record.</param>
/// <param name="reason">What was found, as a sentence.</param>
public sealed class StaleEpochException(long epoch, long newest, string reason)
    : Exception($"Epoch {epoch} is stale: {reason}")
{
    /// <summary>The epoch that was to be used.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>The highest epoch on record.</summary>
    public long Newest { get; } = newest;
}
