namespace Platform.Cluster.Snapshots;

/// <summary>The first line of a snapshot.</summary>
internal sealed record SnapshotHeader
{
    /// <summary>Raised when an older release could not read it any more.</summary>
    public const int FormatKnown = 1;

    public int Format { get; init; } = FormatKnown;

    public DateTimeOffset Created { get; init; }

    /// <summary>The process that made it, and its release.</summary>
    public string Node { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary>The store's revision that it shows.</summary>
    public long Revision { get; init; }

    /// <summary>See <see cref="Membership.EpochBase"/>.</summary>
    public long EpochBase { get; init; }

    /// <summary>How many lines follow.</summary>
    public int Entries { get; init; }
}
