using Platform.Replication.Maintenance;

namespace Platform.Replication.Compaction;

/// <summary>
/// Which files are merged, as a pure function of the files that there are. A file is merged once into the next level,
/// in runs without a gap. Snapshots are never merged, nor files that are damaged or very large: they end a run.
/// </summary>
internal static class CompactionPolicy
{
    /// <summary>The merges that are due, of the lowest level that has any. They do not touch each other.</summary>
    /// <param name="files">The files, ordered by level and first transaction.</param>
    /// <param name="options">The thresholds.</param>
    public static List<Merge> FindMerges(IReadOnlyList<KnownFile> files, UpkeepOptions options)
    {
        var merges = new List<Merge>();
        for (var level = 1; level <= options.FilesPerMerge.Count && merges.Count == 0; level++)
        {
            var run = new MergeRun(level, options);
            foreach (var file in Unmerged(files, level))
            {
                run.Add(file, merges);
            }

            run.End(merges);
        }

        return merges;
    }

    /// <summary>The files of the level below that no file of this level or above holds, and null for each that does
    /// not count because it ends a run.</summary>
    private static IEnumerable<KnownFile?> Unmerged(IReadOnlyList<KnownFile> files, int level)
    {
        var merged = files
            .Where(file => file.Level >= level && file.Level < Ltx.ReplicaPath.SnapshotLevel && !file.IsDamaged)
            .OrderBy(file => file.Min)
            .ToArray();
        var (next, reached) = (0, Ltx.Txid.None);
        foreach (var file in files.Where(file => file.Level == level - 1 && !file.IsSnapshot))
        {
            // Of all that start no later than this file only the one that reaches furthest matters.
            for (; next < merged.Length && merged[next].Min <= file.Min; next++)
            {
                reached = merged[next].Max > reached ? merged[next].Max : reached;
            }

            yield return file.Max <= reached ? null : file;
        }
    }

    private sealed class MergeRun(int level, UpkeepOptions options)
    {
        private readonly int _filesMax = options.FilesPerMerge[level - 1];
        private List<KnownFile> _run = [];
        private long _bytes;

        public void Add(KnownFile? candidate, List<Merge> merges)
        {
            if (candidate is not { IsDamaged: false } file || file.Bytes > options.MergeBytesMax / 2)
            {
                End(merges);
                return;
            }

            if (_run.Count > 0 && !Continues(_run[^1], file))
            {
                End(merges);
            }

            if (_bytes + file.Bytes > options.MergeBytesMax)
            {
                // The run is as large as it may be; what follows it is another one.
                Take(merges, isFull: true);
            }

            _run.Add(file);
            _bytes += file.Bytes;
            if (_run.Count == _filesMax)
            {
                Take(merges, isFull: true);
            }
        }

        public void End(List<Merge> merges) => Take(merges, isFull: false);

        private void Take(List<Merge> merges, bool isFull)
        {
            var isLarge = _run.Count >= options.MergeFilesMin && _bytes >= options.MergeBytesDue;
            if (_run.Count > 1 && (isFull || isLarge))
            {
                merges.Add(new Merge(level, _run));
            }

            (_run, _bytes) = ([], 0);
        }

        private static bool Continues(in KnownFile older, in KnownFile newer) =>
            newer.Min.Value - 1 <= older.Max.Value && newer.Max > older.Max;
    }
}
