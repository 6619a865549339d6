namespace Platform.Replication.Scrubbing;

/// <summary>What a verification works with.</summary>
public sealed record ScrubOptions
{
    /// <summary>A file of this verification's own, to restore to. It is removed.</summary>
    public required string ScratchPath { get; init; }

    /// <summary>
    /// Looks into the restored database: null when it is well, else what is wrong (such as the first row of
    /// <c>PRAGMA integrity_check</c>). Not asked when not given.
    /// </summary>
    public Func<string, CancellationToken, Task<string?>>? CheckIntegrity { get; init; }

    /// <summary>Parts of the replica that are downloaded at the same time: few, it is background work.</summary>
    public int Parallelism { get; init; } = 2;

    /// <summary>The size of such a part, in bytes.</summary>
    public int PartBytes { get; init; } = 1 << 20;
}
