using System.Text.Json;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Store;

namespace Platform.Cluster.Membership;

/// <summary>
/// This process as a member: joins on a lease, sends heartbeats, notices by itself when the lease may be lost, and joins
/// again. A node id that another live process uses is refused.
/// </summary>
internal sealed partial class NodeMembership : IMembership
{
    private static readonly TimeSpan RejoinDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Beyond the lease: how long a stale entry may take to vanish.</summary>
    private static readonly TimeSpan ExpiryGrace = TimeSpan.FromSeconds(3);

    private readonly IClusterStore _store;
    private readonly NodeIdentity _identity;
    private readonly TimeSpan _ttl;
    private readonly TimeProvider _time;
    private readonly ILogger<NodeMembership> _logger;
    private readonly OwnRemoval _removal;
    private volatile HeldLease? _lease;
    private volatile bool _hasLeft;
    private long _joinedAt;

    public NodeMembership(
        IClusterStore store, NodeIdentity identity, TimeSpan ttl, TimeProvider time, ILogger<NodeMembership> logger)
    {
        _store = store;
        _identity = identity;
        _ttl = ttl;
        _time = time;
        _logger = logger;
        _removal = new OwnRemoval(time);
    }

    public bool IsServing => _lease is { IsHeld: true } && !_removal.IsAfter(Volatile.Read(ref _joinedAt));

    /// <summary>Why the node serves nothing; null when it does. For readiness.</summary>
    public string? Problem =>
        IsServing ? null : "the node is no member: it could not renew its lease in the cluster store";

    /// <summary>Called each time the lease was lost, before the node joins again: what is open must be closed.</summary>
    public Func<Task> Lost { get; set; } = () => Task.CompletedTask;

    /// <summary>
    /// Told of each node's entry that was removed: this node's may be among them, although it lives and has its lease.
    /// Then it serves nothing from this moment on.
    /// </summary>
    public void HearRemoved(string node, long revision)
    {
        if (node == _identity.Id) _removal.Hear(revision);
    }

    /// <summary>
    /// Joins; waits for an entry of a dead process with the same id to vanish, for as long as a lease lasts.
    /// </summary>
    /// <exception cref="NodeIdTakenException">A live process has the id.</exception>
    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var lease = new HeldLease(_store, _ttl, _time, HeldLease.SafeMargin);
            await lease.GrantAsync(cancellationToken);
            if (await TryRegisterAsync(lease, cancellationToken) is not { } other)
            {
                _lease = lease;
                LogJoined(_identity.Id, Volatile.Read(ref _joinedAt), _ttl.TotalSeconds);
                return;
            }

            await lease.RevokeAsync(cancellationToken);
            if (_time.GetElapsedTime(started) > _ttl + ExpiryGrace) throw new NodeIdTakenException(other);
            await Task.Delay(RejoinDelay, _time, cancellationToken);
        }
    }

    /// <summary>Stays a member until it is stopped, then leaves.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await StayAsync(stopping);
                if (_hasLeft) return;
                LogLost(_identity.Id);
                await Lost();
                await RejoinAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped; the leave is the mode's, after its tenants are closed.
        }
    }

    /// <summary>Sends a heartbeat now; false when it is no member or the store does not answer.</summary>
    public async Task<bool> TryAnnounceAsync(CancellationToken cancellationToken)
    {
        if (_lease is not { IsHeld: true } lease) return false;
        try
        {
            return await TryBeatAsync(lease, cancellationToken);
        }
        catch (ClusterStoreException failure)
        {
            LogHeartbeatFailed(failure.Message);
            return false;
        }
    }

    /// <summary>Leaves in good order: nobody has to wait for the lease, and the node is not taken for down.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        _hasLeft = true;
        if (_lease is not { IsHeld: true } lease) return;
        try
        {
            await _store.CommitAsync(
                new StoreTransaction
                {
                    Compares = [StoreCompare.CreatedAt(ClusterKeys.Node(_identity.Id), _joinedAt)],
                    Operations =
                    [
                        StoreOperation.Delete(ClusterKeys.KnownNode(_identity.Id)),
                        StoreOperation.Delete(ClusterKeys.ActiveOf(_identity.Id)),
                    ],
                },
                cancellationToken);
            _lease = null;
            await lease.RevokeAsync(cancellationToken);
        }
        catch (ClusterStoreException failure)
        {
            // The lease ends by itself.
            LogLeftSilently(_identity.Id, failure.Message);
        }
    }

    /// <summary>Returns when the lease is lost.</summary>
    private async Task StayAsync(CancellationToken stopping)
    {
        var lease = _lease!;
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var beating = BeatAsync(lease, lost.Token);
        var hearing = _removal.UntilAfterAsync(Volatile.Read(ref _joinedAt), lost.Token);
        try
        {
            // Whichever ends first: the lease, a heartbeat that found the entry gone, or the news of that.
            var keeping = lease.KeepAsync(lost.Token);
            await Task.WhenAny(keeping, beating, hearing);
            _lease = stopping.IsCancellationRequested ? lease : null;
            await lost.CancelAsync();
            await keeping;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The lease did not end first.
        }
        finally
        {
            await lost.CancelAsync();
            await beating;
            if (await hearing && !_hasLeft && lease.IsHeld) LogRemoved(_identity.Id);
        }

        stopping.ThrowIfCancellationRequested();
    }

    /// <summary>Sends heartbeats; returns when the entry is not this node's any more, or when it is stopped.</summary>
    private async Task BeatAsync(HeldLease lease, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Task.Delay(NodeSampler.Interval, _time, stopping);
                try
                {
                    if (!await TryBeatAsync(lease, stopping)) return;
                }
                catch (StoreLeaseNotFoundException)
                {
                    return;
                }
                catch (ClusterStoreException failure)
                {
                    LogHeartbeatFailed(failure.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task<bool> TryBeatAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        var commit = await _store.CommitAsync(
            new StoreTransaction
            {
                Compares = [StoreCompare.CreatedAt(ClusterKeys.Node(_identity.Id), _joinedAt)],
                Operations =
                [
                    StoreOperation.Put(ClusterKeys.Node(_identity.Id), Describe(), lease.Id),
                    StoreOperation.Put(ClusterKeys.ActiveOf(_identity.Id), _identity.ActiveTenants()),
                ],
            },
            cancellationToken);
        return commit.Succeeded;
    }

    /// <summary>Null when it worked; else the process that has the id.</summary>
    private async Task<NodeDocument?> TryRegisterAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        var key = ClusterKeys.Node(_identity.Id);
        var present = await _store.GetAsync(key, cancellationToken);
        if (present is not null && NodeIdentity.Read(present.Value) is { } other && !_identity.Succeeds(other))
            return other;

        // An earlier life of this very folder is certainly over, whatever its lease says: its entry goes over to this
        // one, without a moment in which the node looks lost.
        var commit = await _store.CommitAsync(
            new StoreTransaction
            {
                Compares = [StoreCompare.Unchanged(key, present?.ModRevision ?? 0)],
                Operations =
                [
                    StoreOperation.Put(key, Describe(), lease.Id),
                    StoreOperation.Put(ClusterKeys.KnownNode(_identity.Id), JsonSerializer.SerializeToUtf8Bytes(
                        _identity.Remember(_time.GetUtcNow()), MembershipJson.Default.NodeRecord)),
                ],
            },
            cancellationToken);

        // Somebody was faster, or the way is free now: look again.
        if (!commit.Succeeded) return await TryRegisterAsync(lease, cancellationToken);
        Volatile.Write(ref _joinedAt, present?.CreateRevision ?? commit.Revision);
        return null;
    }

    private async Task RejoinAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await JoinAsync(stopping);
                return;
            }
            catch (NodeIdTakenException taken)
            {
                LogTaken(taken.Message);
            }
            catch (ClusterStoreException failure)
            {
                LogNotJoined(_identity.Id, failure.Message);
            }

            await Task.Delay(RejoinDelay, _time, stopping);
        }
    }

    private byte[] Describe() =>
        JsonSerializer.SerializeToUtf8Bytes(_identity.Describe(_time.GetUtcNow()), MembershipJson.Default.NodeDocument);

    [LoggerMessage(3111, LogLevel.Information, "Node {NodeId} joined at revision {Revision} (lease {Seconds} s)")]
    private partial void LogJoined(string nodeId, long revision, double seconds);

    [LoggerMessage(3155, LogLevel.Error,
        "Node {NodeId} lives, but others have taken it for dead and removed it: its internal listener refused connections")]
    private partial void LogRemoved(string nodeId);

    [LoggerMessage(3112, LogLevel.Error,
        "Node {NodeId} lost its lease, or could not renew it in time: it serves nothing until it has joined again")]
    private partial void LogLost(string nodeId);

    [LoggerMessage(3113, LogLevel.Warning, "The heartbeat failed: {Reason}")]
    private partial void LogHeartbeatFailed(string reason);

    [LoggerMessage(3114, LogLevel.Warning, "Node {NodeId} cannot join again yet: {Reason}")]
    private partial void LogNotJoined(string nodeId, string reason);

    [LoggerMessage(3115, LogLevel.Error, "{Reason}")]
    private partial void LogTaken(string reason);

    [LoggerMessage(3116, LogLevel.Warning, "Node {NodeId} left without a word, its lease ends by itself: {Reason}")]
    private partial void LogLeftSilently(string nodeId, string reason);
}
