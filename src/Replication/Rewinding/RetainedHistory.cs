using System.Collections.Concurrent;
using System.Globalization;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;

namespace Platform.Replication.Rewinding;

/// <summary>
/// What a replica can be restored to, from one listing of it. When a transaction was committed stands in the header of
/// its file, which is read when somebody asks: the store's own times are those of another clock.
/// </summary>
public sealed class RetainedHistory
{
    /// <summary>Headers that are read at the same time.</summary>
    private const int Parallelism = 8;

    private readonly IObjectStore _store;
    private readonly string _replicaPath;
    private readonly IReadOnlyList<ListedFile> _listed;

    /// <summary>Of the files that end with a transaction the one of the lowest level, by transaction.</summary>
    private readonly ListedFile[] _ends;
    private readonly ConcurrentDictionary<Txid, DateTimeOffset> _times = new();

    private RetainedHistory(IObjectStore store, string replicaPath, IReadOnlyList<ListedFile> listed)
    {
        (_store, _replicaPath, _listed) = (store, replicaPath, listed);
        _ends = [.. listed.OrderBy(file => file.File.Max).ThenBy(file => file.File.Level)
            .DistinctBy(file => file.File.Max)];
        Points = FindPoints(listed, _ends);
    }

    /// <summary>The states that can be restored, oldest first; none when nothing was ever stored.</summary>
    public IReadOnlyList<RetainedPoint> Points { get; }

    /// <summary>The newest transaction that there is a file of, whether it can be restored or not.</summary>
    public Txid Newest => _ends.Length == 0 ? Txid.None : _ends[^1].File.Max;

    /// <summary>Lists the replica.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public static async Task<RetainedHistory> ReadAsync(
        IObjectStore store, string replicaPath, CancellationToken cancellationToken) =>
        new(store, replicaPath, await ReplicaListing.ListAsync(store, replicaPath, cancellationToken));

    /// <summary>When each of some points was committed.</summary>
    /// <exception cref="RestoreException">A file is gone or damaged.</exception>
    public async Task<IReadOnlyList<DateTimeOffset>> ReadTimesAsync(
        IReadOnlyList<RetainedPoint> points, CancellationToken cancellationToken)
    {
        var times = new DateTimeOffset[points.Count];
        var parallelism = new ParallelOptions
        {
            MaxDegreeOfParallelism = Parallelism,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, times.Length, parallelism, async (index, cancel) =>
            times[index] = await ReadTimeAsync(points[index].Txid, cancel));
        return times;
    }

    /// <summary>When a point was committed.</summary>
    /// <exception cref="RestoreException">Its file is gone or damaged.</exception>
    public Task<DateTimeOffset> ReadTimeAsync(RetainedPoint point, CancellationToken cancellationToken) =>
        ReadTimeAsync(point.Txid, cancellationToken);

    /// <summary>The point that a target means: the transaction itself, or the last one before the moment.</summary>
    /// <exception cref="NotRetainedException">There is none, or none of its own.</exception>
    /// <exception cref="RestoreException">History around it is incomplete, or a file is damaged.</exception>
    public async Task<RetainedPoint> FindAsync(RestoreTarget target, CancellationToken cancellationToken)
    {
        if (Points.Count == 0)
        {
            throw Newest == Txid.None
                ? new NotRetainedException("Nothing was ever stored, so there is nothing to go back to.")
                : Broken(Txid.None);
        }

        if (target.Moment is { } moment)
        {
            return await FindBeforeAsync(moment, cancellationToken);
        }

        if (target == RestoreTarget.Newest)
        {
            return Points[^1].Txid == Newest ? Points[^1] : throw Broken(Points[^1].Txid);
        }

        return Points.FirstOrDefault(point => point.Txid == target.Txid)
            ?? throw await NotRetainedAsync(target.Txid, cancellationToken);
    }

    /// <summary>When the newest transaction was committed; null when its file cannot be read.</summary>
    internal async Task<DateTimeOffset?> ReadNewestTimeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadTimeAsync(Newest, cancellationToken);
        }
        catch (RestoreException)
        {
            // Damage is why somebody goes back; it must not keep them from it.
            return null;
        }
    }

    // By last transaction, a file that goes on from what was reached makes its end reachable; one that does not, and
    // all that build on it, never will be.
    private static List<RetainedPoint> FindPoints(IEnumerable<ListedFile> listed, ListedFile[] ends)
    {
        var points = new List<RetainedPoint>(ends.Length);
        var reached = Txid.None;
        var index = 0;
        foreach (var group in listed.GroupBy(file => file.File.Max).OrderBy(group => group.Key))
        {
            var first = group.Min(file => file.File.Min);
            if (first.Value - 1 <= reached.Value)
            {
                reached = group.Key;
                var end = ends[index];
                points.Add(new RetainedPoint(group.Key, end.File.Level, end.Bytes, first.Value == 1));
            }

            index++;
        }

        return points;
    }

    private async Task<RetainedPoint> FindBeforeAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        // Times never go back along the line of transactions.
        var (low, high) = (0, Points.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = await ReadTimeAsync(Points[middle], cancellationToken) < moment
                ? (middle + 1, high)
                : (low, middle);
        }

        if (low == 0)
        {
            throw new NotRetainedException(
                $"Nothing as old as that is retained. {await DescribeRangeAsync(cancellationToken)}");
        }

        var point = Points[low - 1];
        return await FindLostAsync(point, cancellationToken) is { } lost && lost < moment
            ? throw Broken(point.Txid)
            : point;
    }

    // The time of the first transaction after a point that has a file and yet cannot be restored, by no file at all.
    // One that a merged file holds is not lost: it is only not retained by itself.
    private async Task<DateTimeOffset?> FindLostAsync(RetainedPoint point, CancellationToken cancellationToken)
    {
        var following = Points.FirstOrDefault(other => other.Txid > point.Txid)?.Txid;
        var lost = _ends.FirstOrDefault(end => end.File.Max > point.Txid);
        if (lost is null || lost.File.Max == following
            || _listed.Any(file => file.File.Max == following && file.File.Min.Value - 1 <= point.Txid.Value
                && file.File.Min.Value > 1))
        {
            return null;
        }

        return await ReadTimeAsync(lost.File.Max, cancellationToken);
    }

    private async Task<NotRetainedException> NotRetainedAsync(Txid txid, CancellationToken cancellationToken)
    {
        var range = await DescribeRangeAsync(cancellationToken);
        if (txid > Newest)
        {
            return new NotRetainedException($"There is no transaction {txid} yet. {range}");
        }

        var before = Points.LastOrDefault(point => point.Txid < txid);
        var after = Points.FirstOrDefault(point => point.Txid > txid);
        return new NotRetainedException((before, after) switch
        {
            ({ } low, { } high) =>
                $"Transaction {txid} is not retained by itself; the closest are {low.Txid} and {high.Txid}. {range}",
            _ => $"Transaction {txid} is not retained. {range}",
        });
    }

    private async Task<string> DescribeRangeAsync(CancellationToken cancellationToken)
    {
        var times = await ReadTimesAsync([Points[0], Points[^1]], cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Retained is what was there from {times[0].UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} (transaction "
            + $"{Points[0].Txid}) on; the newest is transaction {Points[^1].Txid} of "
            + $"{times[1].UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}.");
    }

    private async Task<DateTimeOffset> ReadTimeAsync(Txid txid, CancellationToken cancellationToken)
    {
        if (!_times.TryGetValue(txid, out var time))
        {
            var end = _ends.First(file => file.File.Max == txid);
            var header = await RestorePlanner.ReadHeaderAsync(_store, end.Key, cancellationToken);
            time = DateTimeOffset.FromUnixTimeMilliseconds(header.TimestampMilliseconds);
            _times[txid] = time;
        }

        return time;
    }

    private RestoreException Broken(Txid after) => new(
        _replicaPath,
        after == Txid.None
            ? "there is no snapshot to begin with."
            : $"files are missing after transaction {after}.",
        after == Txid.None
            ? "Put the missing files back from a copy of the bucket."
            : $"Put the missing files back from a copy of the bucket, or go back to transaction {after} itself.");
}
