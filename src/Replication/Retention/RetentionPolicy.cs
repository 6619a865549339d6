using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;

namespace Platform.Replication.Retention;

/// <summary>
/// Which files can go, as a pure function of the files that there are. Each deletion names a replacement that holds all
/// of the file's transactions, is whole, was stored at least the grace ago, and is greater by last transaction or, of
/// equals, by level. Deletions of several owners, in any order, therefore never remove the last copy of anything.
/// </summary>
/// <remarks>
/// The base is the snapshot that every retained moment can be restored from: the last one before the retention began,
/// and always one before the newest. What lies before it goes. After it, files go that were merged into one which ended
/// before the time for which they are wanted; and snapshots that stand close to others.
/// </remarks>
internal static class RetentionPolicy
{
    /// <summary>Snapshots kept within the retention, so that a restore to its middle has no long way.</summary>
    private const int SnapshotsInRetention = 4;

    /// <param name="files">The files, ordered by level and first transaction.</param>
    /// <param name="now">Now, on the clock of <see cref="KnownFile.StoredAt"/>.</param>
    /// <param name="utcMilliseconds">Wall time.</param>
    /// <param name="options">What is kept.</param>
    /// <returns>The deletions, or none while they are too few to be worth a request.</returns>
    public static List<Deletion> FindDeletions(
        IReadOnlyList<KnownFile> files, TimeSpan now, long utcMilliseconds, UpkeepOptions options)
    {
        var replacedBefore = now - options.DeletionGrace;
        var retainedFrom = utcMilliseconds - Milliseconds(options.Retention + options.DeletionGrace);
        var snapshots = files.Where(file => file.IsSnapshot && !file.IsDamaged)
            .OrderBy(file => file.Max).ThenBy(file => file.Level).ToArray();
        var deletions = new List<Deletion>();
        var rest = files;
        if (Base(snapshots, retainedFrom) is { } first && first.StoredAt <= replacedBefore)
        {
            deletions.AddRange(files.Where(file => IsBefore(file, first)).Select(file => new Deletion(file, first)));
            rest = [.. files.Where(file => !IsBefore(file, first))];
            deletions.AddRange(CloseSnapshots(
                rest, [.. snapshots.Where(file => !IsBefore(file, first))], replacedBefore, options));
        }

        AddMerged(rest, deletions, replacedBefore, retainedFrom, utcMilliseconds, options);
        var weight = deletions.Sum(deletion => deletion.File.IsSnapshot ? SnapshotWeight(options) : 1);
        return weight >= options.DeletionsMin ? deletions : [];
    }

    // Snapshots are large: four of them are worth a request.
    private static int SnapshotWeight(UpkeepOptions options) => (options.DeletionsMin + 3) / 4;

    // The last snapshot from before the retention began, but not the newest one.
    private static KnownFile? Base(KnownFile[] snapshots, long retainedFrom)
    {
        var earlier = snapshots.Where(file => file.Max < snapshots[^1].Max).ToArray();
        var index = Array.FindLastIndex(earlier, file => file.TimestampMilliseconds <= retainedFrom);
        return index < 0 ? null : earlier[index];
    }

    private static bool IsBefore(in KnownFile file, in KnownFile first) =>
        file.Max < first.Max || (file.Max == first.Max && file.Level < first.Level);

    // A snapshot close behind another one goes, if the files between them give what it gave.
    private static IEnumerable<Deletion> CloseSnapshots(
        IReadOnlyList<KnownFile> files, KnownFile[] snapshots, TimeSpan replacedBefore, UpkeepOptions options)
    {
        if (snapshots.Length < 4)
        {
            // The base, the newest, the one before, and none between.
            yield break;
        }

        var spacing = Milliseconds(options.Retention) / SnapshotsInRetention;
        var reached = ReachedWithoutSnapshots(files, snapshots[0]);
        var replacement = Array.FindLastIndex(snapshots, file => file.StoredAt <= replacedBefore);
        var kept = snapshots[0];
        for (var index = 1; index < snapshots.Length - 2; index++)
        {
            var snapshot = snapshots[index];
            var isClose = snapshot.TimestampMilliseconds - kept.TimestampMilliseconds < spacing;
            if (isClose && snapshot.Max <= reached && replacement > index && snapshot.Max < snapshots[replacement].Max)
            {
                yield return new Deletion(snapshot, snapshots[replacement]);
            }
            else
            {
                kept = snapshot;
            }
        }
    }

    private static Txid ReachedWithoutSnapshots(IReadOnlyList<KnownFile> files, in KnownFile first)
    {
        var start = first;
        return Restoring.RestorePlan.ToLatest(files
            .Where(file => !file.IsDamaged && (!file.IsSnapshot || file == start))
            .Select(file => file.ToReplicaFile())).Reached;
    }

    private static void AddMerged(
        IReadOnlyList<KnownFile> files,
        List<Deletion> deletions,
        TimeSpan replacedBefore,
        long retainedFrom,
        long utcMilliseconds,
        UpkeepOptions options)
    {
        for (var level = 0; level < ReplicaPath.SnapshotLevel - 1; level++)
        {
            deletions.AddRange(MergedBefore(files, level, replacedBefore, retainedFrom));
        }

        var wantedFrom = utcMilliseconds - Milliseconds(options.TransactionRetention + options.DeletionGrace);
        var gone = deletions.Where(deletion => deletion.File.Level == 0).Select(deletion => deletion.File).ToHashSet();
        var surplus = files.Count(file => file.Level == 0) - gone.Count - options.TransactionsKept;
        KnownFile? group = null;
        foreach (var deletion in MergedBefore(files, 0, replacedBefore, wantedFrom))
        {
            // Whole groups only: of half a group no transaction could be restored.
            if (surplus <= 0 && group != deletion.Replacement)
            {
                break;
            }

            if (!gone.Contains(deletion.File))
            {
                group = deletion.Replacement;
                surplus--;
                deletions.Add(deletion);
            }
        }
    }

    // The files of a level that were merged into one which ended before a moment, oldest first.
    private static IEnumerable<Deletion> MergedBefore(
        IReadOnlyList<KnownFile> files, int level, TimeSpan replacedBefore, long endedBefore)
    {
        var replacements = files
            .Where(file => file.Level > level && file.Level < ReplicaPath.SnapshotLevel && !file.IsDamaged
                && file.StoredAt <= replacedBefore && file.TimestampMilliseconds <= endedBefore)
            .OrderBy(file => file.Min)
            .ToArray();
        var next = 0;
        KnownFile? furthest = null;
        foreach (var file in files.Where(file => file.Level == level && !file.IsSnapshot))
        {
            for (; next < replacements.Length && replacements[next].Min <= file.Min; next++)
            {
                furthest = furthest is { } best && best.Max >= replacements[next].Max ? furthest : replacements[next];
            }

            if (furthest is { } replacement && replacement.Covers(file))
            {
                yield return new Deletion(file, replacement);
            }
        }
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
