namespace Platform.Replication.Maintenance;

/// <summary>
/// When a replica's files are merged, when a snapshot is written, and what is kept. The defaults cost a tenant that
/// writes once an hour about one request a day beyond its writes; see docs/cost-model.md.
/// </summary>
public sealed record UpkeepOptions
{
    /// <summary>
    /// The least that a name of level 0 outlives what replaced it: many times a node's lease, so that no owner of
    /// before can get the name again. See docs/replication/README.md, "Fencing".
    /// </summary>
    public static readonly TimeSpan DeletionGraceMin = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many files make one of the next level: the first number merges level 0 to level 1, the second level 1 to
    /// level 2, and so on. Stock Litestream's levels are 1 to 8.
    /// </summary>
    public IReadOnlyList<int> FilesPerMerge { get; init; } = [64, 16, 16];

    /// <summary>Files of this size together are merged earlier, if they are at least <see cref="MergeFilesMin"/>.</summary>
    public long MergeBytesDue { get; init; } = 4L << 20;

    /// <summary>The least number of files that a merge is made for.</summary>
    public int MergeFilesMin { get; init; } = 8;

    /// <summary>
    /// The most that one merge reads, in bytes, and about the memory that it takes twice. A file of more than half of it
    /// is never merged.
    /// </summary>
    public long MergeBytesMax { get; init; } = 16L << 20;

    /// <summary>How far back a point in time can be restored.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How far back each single transaction can be restored; further back it is the last one of a merged file.
    /// </summary>
    public TimeSpan TransactionRetention { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Single transactions that stay restorable for all of <see cref="Retention"/>: all that a quiet tenant has.
    /// </summary>
    public int TransactionsKept { get; init; } = 1000;

    /// <summary>
    /// How long a file stays after the one that replaces it was stored, for those who are reading it. At least ten minutes.
    /// </summary>
    public TimeSpan DeletionGrace { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Files are deleted when this many can be, or a quarter as many snapshots: deletes stay rare.</summary>
    public int DeletionsMin { get; init; } = 64;

    /// <summary>The least time between two snapshots.</summary>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// A snapshot is due when what a restore applies to the last one is this share of its size: 1 keeps a restore's
    /// download below twice the database.
    /// </summary>
    public double SnapshotShare { get; init; } = 1.0;

    /// <summary>Less than this, in bytes, makes no snapshot due, however small the database is.</summary>
    public long SnapshotBytesMin { get; init; } = 1L << 20;

    /// <summary>A snapshot is due when a restore would apply this many files: each is a request.</summary>
    public int SnapshotFilesMax { get; init; } = 256;

    /// <summary>
    /// A larger database gets no snapshots beyond its first image. S3 takes at most 5 GiB in one create-only request.
    /// </summary>
    public long SnapshotDatabaseBytesMax { get; init; } = 4L << 30;

    /// <summary>Upkeep looks after this many new files, or after <see cref="LookInterval"/> if there are fewer.</summary>
    public int LookFiles { get; init; } = 32;

    /// <summary>How long upkeep waits with few new files before it looks. Without any it never does.</summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Files that a merge downloads at the same time.</summary>
    public int DownloadParallelism { get; init; } = 8;

    /// <summary>Throws when the values contradict each other.</summary>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(DeletionGrace, DeletionGraceMin);
        ArgumentOutOfRangeException.ThrowIfLessThan(TransactionRetention, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TransactionRetention, Retention);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FilesPerMerge.Count, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(MergeFilesMin, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(TransactionsKept);
        ArgumentOutOfRangeException.ThrowIfLessThan(DeletionsMin, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LookFiles, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DownloadParallelism, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MergeBytesMax, 1L << 30);
        foreach (var files in FilesPerMerge)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(files, 2, nameof(FilesPerMerge));
        }
    }
}
