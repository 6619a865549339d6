using Platform.Replication.Restoring;

namespace Platform.Replication.Maintenance;

/// <summary>
/// When a snapshot is worth its upload, as a pure function of the files that there are: when a restore would download
/// about as much again as the last one, or too many files, or when the last one is so old that without a newer one
/// nothing can ever be deleted; and at once when a file after the last one is damaged.
/// </summary>
internal static class SnapshotSchedule
{
    /// <summary>Files that an old snapshot must be followed by, for a new one to be of use.</summary>
    private const int FollowersMin = 128;

    /// <summary>Or the share of its size that they must have, so that large and quiet databases are left alone.</summary>
    private const double FollowersShare = 1.0 / 8;

    /// <param name="files">The files that there are.</param>
    /// <param name="now">Now, on the clock of <see cref="KnownFile.StoredAt"/>.</param>
    /// <param name="utcMilliseconds">Wall time.</param>
    /// <param name="databaseBytes">The size of the database.</param>
    /// <param name="options">The thresholds.</param>
    public static bool IsDue(
        IReadOnlyList<KnownFile> files, TimeSpan now, long utcMilliseconds, long databaseBytes, UpkeepOptions options)
    {
        if (databaseBytes > options.SnapshotDatabaseBytesMax)
        {
            return false;
        }

        var newest = Newest(files);
        if (files.Any(file => file.IsDamaged && file.Max.Value > (newest?.Max.Value ?? 0)))
        {
            // Without a snapshot that passes it, the newest state could not be restored.
            return true;
        }

        if (newest is not { } snapshot || now - snapshot.StoredAt < options.SnapshotInterval)
        {
            return false;
        }

        var (count, bytes) = CostAfter(snapshot, files);
        if (count >= options.SnapshotFilesMax
            || bytes >= Math.Max(options.SnapshotBytesMin, (long)(snapshot.Bytes * options.SnapshotShare)))
        {
            return true;
        }

        var isOld = utcMilliseconds - snapshot.TimestampMilliseconds >= options.Retention.TotalMilliseconds;
        return isOld && count > 0
            && (files.Count(file => file.Max > snapshot.Max) >= FollowersMin
                || bytes >= snapshot.Bytes * FollowersShare);
    }

    private static KnownFile? Newest(IReadOnlyList<KnownFile> files)
    {
        KnownFile? newest = null;
        foreach (var file in files)
        {
            if (file.IsSnapshot && !file.IsDamaged && (newest is not { } best || file.Max >= best.Max))
            {
                newest = file;
            }
        }

        return newest;
    }

    // What a restore of the newest state applies to this snapshot.
    private static (int Files, long Bytes) CostAfter(KnownFile snapshot, IReadOnlyList<KnownFile> files)
    {
        var bytes = files.Where(file => !file.IsDamaged && file.Max >= snapshot.Max)
            .DistinctBy(file => (file.Level, file.Min, file.Max))
            .ToDictionary(file => (file.Level, file.Min, file.Max), file => file.Bytes);
        var plan = RestorePlan.ToLatest(
            files.Where(file => !file.IsDamaged && file.Max >= snapshot.Max).Select(file => file.ToReplicaFile()));
        var applied = plan.Files.Where(file => file.Min.Value > 1).ToArray();
        return (applied.Length, applied.Sum(file => bytes[(file.Level, file.Min, file.Max)]));
    }
}
