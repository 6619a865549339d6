using Platform.Replication.Ltx;
using Platform.Replication.Restoring;
using Platform.Replication.Shipping;

namespace Platform.Replication.Maintenance;

/// <summary>
/// The files of a replica as its owner knows them, so that upkeep needs no listing: begun with the one listing of the
/// opening, kept by everything that the owner stores and deletes. Safe for several threads.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ReplicaInventory(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(int Level, Txid Min, Txid Max), KnownFile> _files = [];
    private int _unseen;

    /// <summary>Files of level 0 that were stored since upkeep last looked.</summary>
    public int Unseen => Volatile.Read(ref _unseen);

    /// <summary>Now, on the clock of <see cref="KnownFile.StoredAt"/>.</summary>
    public TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>Wall time, in milliseconds since the Unix epoch.</summary>
    public long UtcMilliseconds => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Takes a listing for what there is. A file is as old as the newest one shows, by the store's clock alone, so that a
    /// wrong clock here makes nothing look older than it is. What is known better than a listing tells is kept; and so
    /// are files that were stored since it <paramref name="began"/>, which it may lack.
    /// </summary>
    public void Learn(IReadOnlyCollection<ListedFile> listed, TimeSpan began)
    {
        var now = Now;
        var newest = listed.Select(entry => entry.File.Timestamp).DefaultIfEmpty().Max();
        lock (_lock)
        {
            var before = new Dictionary<(int, Txid, Txid), KnownFile>(_files);
            foreach (var (name, file) in before)
            {
                if (file.StoredAt < began)
                {
                    _files.Remove(name);
                }
            }

            foreach (var entry in listed)
            {
                var (level, min, max) = (entry.File.Level, entry.File.Min, entry.File.Max);
                _files[(level, min, max)] = before.TryGetValue((level, min, max), out var known)
                    ? known with { Bytes = entry.Bytes }
                    : FromListing(entry, now - (newest - entry.File.Timestamp));
            }
        }
    }

    /// <summary>Notes that a file was stored just now.</summary>
    public KnownFile Stored(int level, Txid min, Txid max, long bytes, long timestampMilliseconds)
    {
        var file = new KnownFile
        {
            Level = level,
            Min = min,
            Max = max,
            Bytes = bytes,
            TimestampMilliseconds = timestampMilliseconds,
            StoredAt = Now,
        };
        lock (_lock)
        {
            _files[(level, min, max)] = file;
        }

        if (level == 0)
        {
            Interlocked.Increment(ref _unseen);
        }

        return file;
    }

    /// <summary>Notes that files were deleted.</summary>
    public void Deleted(IEnumerable<KnownFile> files)
    {
        lock (_lock)
        {
            foreach (var file in files)
            {
                _files.Remove((file.Level, file.Min, file.Max));
            }
        }
    }

    /// <summary>Notes that a file cannot be read as it should be.</summary>
    public void Damaged(int level, Txid min, Txid max)
    {
        lock (_lock)
        {
            if (_files.TryGetValue((level, min, max), out var file))
            {
                _files[(level, min, max)] = file with { IsDamaged = true };
            }
        }
    }

    /// <summary>As above, by the key of the object. One that is no file of the replica is ignored.</summary>
    public void Damaged(DatabaseReplicaOptions replica, string key)
    {
        foreach (var file in ToArray())
        {
            if (file.Key(replica.Store.Layout, replica.ReplicaPath) == key)
            {
                Damaged(file.Level, file.Min, file.Max);
            }
        }
    }

    /// <summary>The time of the newest snapshot's content, in milliseconds since the Unix epoch; null without one.</summary>
    public long? NewestSnapshotMilliseconds()
    {
        long? newest = null;
        lock (_lock)
        {
            foreach (var file in _files.Values)
            {
                if (file is { IsSnapshot: true, IsDamaged: false } && file.TimestampMilliseconds >= (newest ?? long.MinValue))
                {
                    newest = file.TimestampMilliseconds;
                }
            }
        }

        return newest;
    }

    /// <summary>All files, by level and then by their first transaction.</summary>
    public KnownFile[] ToArray()
    {
        KnownFile[] files;
        lock (_lock)
        {
            files = [.. _files.Values];
        }

        Array.Sort(files, static (left, right) =>
        {
            var order = left.Level.CompareTo(right.Level);
            order = order != 0 ? order : left.Min.CompareTo(right.Min);
            return order != 0 ? order : left.Max.CompareTo(right.Max);
        });
        return files;
    }

    /// <summary>Notes that upkeep has looked; returns how many files it had not seen before.</summary>
    public int See() => Interlocked.Exchange(ref _unseen, 0);

    /// <summary>Takes <see cref="See"/> back, because what was seen could not be acted on.</summary>
    public void Unsee(int files) => Interlocked.Add(ref _unseen, files);

    private static KnownFile FromListing(ListedFile entry, TimeSpan storedAt) => new()
    {
        Level = entry.File.Level,
        Min = entry.File.Min,
        Max = entry.File.Max,
        Bytes = entry.Bytes,
        TimestampMilliseconds = entry.File.Timestamp.ToUnixTimeMilliseconds(),
        StoredAt = storedAt,
    };
}
