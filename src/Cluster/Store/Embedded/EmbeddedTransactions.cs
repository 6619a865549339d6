namespace Platform.Cluster.Store.Embedded;

/// <summary>
/// What a revision is: comparisons, changes, leases and history of the embedded store. Used by the queue's thread, in
/// an open SQLite transaction; only <see cref="HasLeases"/> is read by others.
/// </summary>
internal sealed class EmbeddedTransactions
{
    private readonly EmbeddedDatabase _database;
    private readonly int _historyRevisionsMax;
    private readonly TimeProvider _time;

    /// <summary>By lease: its time to live, and the monotonic moment of its last renewal.</summary>
    private readonly Dictionary<long, (TimeSpan Ttl, long Renewed)> _leases = [];
    private readonly List<StoreChanges> _committed = [];
    private volatile int _leaseCount;

    public EmbeddedTransactions(EmbeddedDatabase database, int historyRevisionsMax, TimeProvider time)
    {
        _database = database;
        _historyRevisionsMax = historyRevisionsMax;
        _time = time;
        Reload();
    }

    public long Revision { get; private set; }

    public long CompactedRevision { get; private set; }

    public bool HasLeases => _leaseCount > 0;

    /// <summary>Takes everything from the file again: at start, and after a group was undone.</summary>
    public void Reload()
    {
        _committed.Clear();
        Revision = _database.ReadMeta("revision");
        CompactedRevision = _database.ReadMeta("compacted");
        var known = _leases.ToDictionary();
        _leases.Clear();
        foreach (var (id, ttl) in _database.Leases())
            _leases[id] = known.GetValueOrDefault(id, (ttl, _time.GetTimestamp()));
        _leaseCount = _leases.Count;
    }

    /// <summary>Changes since the last call, in order.</summary>
    public IReadOnlyList<StoreChanges> TakeCommitted()
    {
        if (_committed.Count == 0) return [];
        var committed = _committed.ToArray();
        _committed.Clear();
        return committed;
    }

    public StoreCommit Commit(StoreTransaction transaction)
    {
        foreach (var compare in transaction.Compares)
        {
            var entry = _database.Get(compare.Key);
            var revision = (compare.IsOnCreation ? entry?.CreateRevision : entry?.ModRevision) ?? 0;
            if (revision != compare.Revision) return new StoreCommit(false, Revision);
        }

        foreach (var operation in transaction.Operations)
            if (operation.LeaseId != 0 && !_leases.ContainsKey(operation.LeaseId))
                throw new StoreLeaseNotFoundException(operation.LeaseId);
        Apply(transaction.Operations);
        return new StoreCommit(true, Revision);
    }

    public StoreLease GrantLease(TimeSpan ttl)
    {
        var id = _database.ReadMeta("lease") + 1;
        _database.WriteMeta("lease", id);
        _database.AddLease(id, ttl);
        _leases[id] = (ttl, _time.GetTimestamp());
        _leaseCount = _leases.Count;
        return new StoreLease(id, ttl);
    }

    /// <summary>A lease that has run out is over, even if nobody has looked yet.</summary>
    public bool RenewLease(long id)
    {
        if (!_leases.TryGetValue(id, out var lease) || HasEnded(lease)) throw new StoreLeaseNotFoundException(id);
        _leases[id] = (lease.Ttl, _time.GetTimestamp());
        return true;
    }

    public bool EndLease(long id)
    {
        if (!_leases.Remove(id)) return false;
        _leaseCount = _leases.Count;
        _database.RemoveLease(id);
        Apply([.. _database.KeysOfLease(id).Select(StoreOperation.Delete)]);
        return true;
    }

    public bool ExpireLeases()
    {
        var ended = _leases.Where(lease => HasEnded(lease.Value)).Select(lease => lease.Key).ToList();
        foreach (var id in ended) EndLease(id);
        return ended.Count > 0;
    }

    private bool HasEnded((TimeSpan Ttl, long Renewed) lease) => _time.GetElapsedTime(lease.Renewed) >= lease.Ttl;

    private void Apply(IReadOnlyList<StoreOperation> operations)
    {
        var revision = Revision + 1;
        var changes = new List<StoreChange>(operations.Count);
        foreach (var operation in operations)
        {
            var previous = _database.Get(operation.Key);
            if (operation.Value is { } value)
            {
                var created = previous?.CreateRevision ?? revision;
                var entry = new StoreEntry(operation.Key, value.ToArray(), created, revision, operation.LeaseId);
                _database.Put(entry);
                changes.Add(new StoreChange(operation.Key, entry));
            }
            else if (previous is not null)
            {
                _database.Delete(operation.Key, revision);
                changes.Add(new StoreChange(operation.Key, null));
            }
        }

        if (changes.Count == 0) return;
        Revision = revision;
        _database.WriteMeta("revision", revision);
        _committed.Add(new StoreChanges(revision, changes));
        Compact();
    }

    /// <summary>In steps of a tenth, so that not every commit deletes.</summary>
    private void Compact()
    {
        var keepFrom = Revision - _historyRevisionsMax;
        if (keepFrom - CompactedRevision < _historyRevisionsMax / 10) return;
        _database.ForgetHistory(keepFrom);
        CompactedRevision = keepFrom;
    }
}
