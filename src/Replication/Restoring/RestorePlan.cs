using Platform.Replication.Ltx;

namespace Platform.Replication.Restoring;

/// <summary>
/// Which files of a replica make the database, oldest first. The choice is stock Litestream's: the newest snapshot
/// at or before the target, then again and again the file, of any level, that continues without a gap and reaches
/// furthest. Of equals the one that starts first wins, then the one of the higher level.
/// </summary>
public sealed class RestorePlan
{
    private RestorePlan(IReadOnlyList<ReplicaFile> files, RestoreGap? gap)
    {
        Files = files;
        Gap = gap;
    }

    /// <summary>The files to apply in turn; none when the replica has no snapshot early enough.</summary>
    public IReadOnlyList<ReplicaFile> Files { get; }

    /// <summary>The transaction that the plan ends with.</summary>
    public Txid Reached => Files.Count == 0 ? Txid.None : Files[^1].Max;

    /// <summary>Set when there are files within the target that the plan cannot reach: history is incomplete.</summary>
    public RestoreGap? Gap { get; }

    /// <summary>The plan for everything that is there.</summary>
    public static RestorePlan ToLatest(IEnumerable<ReplicaFile> files) => Create(files, Txid.None);

    /// <summary>
    /// The plan for everything that came after <paramref name="position"/>, for a database that has that transaction.
    /// </summary>
    public static RestorePlan After(Txid position, IEnumerable<ReplicaFile> files) =>
        Create(files.Where(file => file.Max > position), position);

    /// <summary>
    /// The plan for the database as it was after <paramref name="target"/>. A file that goes past it is not used, so
    /// the plan may end earlier: compare <see cref="Reached"/>.
    /// </summary>
    public static RestorePlan ToTxid(IEnumerable<ReplicaFile> files, Txid target) =>
        Create(files.Where(file => file.Max <= target), Txid.None);

    /// <summary>The plan for a moment: only files from strictly before it count.</summary>
    public static RestorePlan ToMoment(IEnumerable<ReplicaFile> files, DateTimeOffset moment) =>
        Create(files.Where(file => file.Timestamp < moment), Txid.None);

    /// <summary>Refuses a plan with a gap.</summary>
    /// <exception cref="LtxException">There is one.</exception>
    public void ThrowIfGap()
    {
        if (Gap is { } gap)
        {
            throw new LtxException(LtxFault.NotContiguous, $"the replica has a gap: {gap}.");
        }
    }

    private static RestorePlan Create(IEnumerable<ReplicaFile> files, Txid from)
    {
        var sorted = files.ToArray();
        Array.Sort(sorted, static (left, right) => left.Min.CompareTo(right.Min));
        var chosen = new List<ReplicaFile>();
        var reached = from;
        ReplicaFile? best = null;
        var next = 0;
        while (true)
        {
            // Files that could continue only ever grow in number, and of them only the furthest matters: one sweep.
            for (; next < sorted.Length && sorted[next].Min.Value - 1 <= reached.Value; next++)
            {
                if (best is not { } current || IsBetter(sorted[next], current))
                {
                    best = sorted[next];
                }
            }

            if (best is not { } file || file.Max <= reached)
            {
                break;
            }

            chosen.Add(file);
            reached = file.Max;
        }

        return new RestorePlan(chosen, next < sorted.Length ? new RestoreGap(reached, sorted[next].Min) : null);
    }

    private static bool IsBetter(in ReplicaFile candidate, in ReplicaFile current)
    {
        var order = candidate.Max.CompareTo(current.Max);
        order = order != 0 ? order : current.Min.CompareTo(candidate.Min);
        return (order != 0 ? order : candidate.Level.CompareTo(current.Level)) > 0;
    }
}
