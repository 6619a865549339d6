using Platform.Cluster.Store;

namespace Platform.Cluster.Membership;

/// <summary>
/// A lease of the cluster store and whether it certainly still holds. The store does not tell a process that is cut off
/// from it, so the process measures for itself: from the moment a successful renewal was <i>sent</i>, less a margin, by
/// the monotonic clock and by the wall clock (a machine that was suspended stops the one, a clock that is set back the
/// other). One grant per object.
/// </summary>
internal sealed class HeldLease(IClusterStore store, TimeSpan ttl, TimeProvider time, TimeSpan marginMin)
{
    /// <summary>For what others may take over at once, such as tenants: half a second for a process to notice.</summary>
    public static readonly TimeSpan SafeMargin = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// A store that loses its leader answers nobody until it has another, which takes etcd up to two seconds: what the last
    /// renewal has left of a short lease must outlast that. A renewal costs the store next to nothing.
    /// </summary>
    private const int RenewalsPerLease = 6;

    private TimeSpan _ttl;
    private long _renewed;
    private long _renewedUtcTicks;
    private volatile bool _isOver = true;

    /// <summary>Of the store; 0 before the grant.</summary>
    public long Id { get; private set; }

    /// <summary>
    /// False from a moment on at which the store cannot have ended the lease yet. Once false, false for ever when
    /// <see cref="KeepAsync"/> has returned.
    /// </summary>
    public bool IsHeld => !_isOver && Left > TimeSpan.Zero;

    private TimeSpan Margin => _ttl / 10 > marginMin ? _ttl / 10 : marginMin;

    /// <summary>Time until the lease must be taken for lost.</summary>
    private TimeSpan Left
    {
        get
        {
            var monotonic = time.GetElapsedTime(Volatile.Read(ref _renewed));
            var wall = TimeSpan.FromTicks(time.GetUtcNow().UtcTicks - Volatile.Read(ref _renewedUtcTicks));
            return _ttl - Margin - (monotonic > wall ? monotonic : wall);
        }
    }

    /// <exception cref="ClusterStoreException">The store did not grant it.</exception>
    public async Task GrantAsync(CancellationToken cancellationToken)
    {
        var sent = time.GetTimestamp();
        var sentUtc = time.GetUtcNow();
        var lease = await store.GrantLeaseAsync(ttl, cancellationToken);
        Id = lease.Id;
        _ttl = lease.Ttl;
        Renewed(sent, sentUtc);
        _isOver = false;
    }

    /// <summary>Renews it until it is lost, then returns; <see cref="IsHeld"/> is false from then on.</summary>
    /// <exception cref="OperationCanceledException">Stopped; the lease may still hold.</exception>
    public async Task KeepAsync(CancellationToken stopping)
    {
        while (IsHeld)
        {
            var pause = _ttl / RenewalsPerLease < Left ? _ttl / RenewalsPerLease : Left;
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, stopping);
            if (!await TryRenewAsync(stopping)) break;
        }

        _isOver = true;
    }

    /// <summary>Ends it for everyone: its keys are deleted.</summary>
    /// <exception cref="ClusterStoreException">The store does not answer; it will end by itself.</exception>
    public Task RevokeAsync(CancellationToken cancellationToken)
    {
        _isOver = true;
        return store.RevokeLeaseAsync(Id, cancellationToken);
    }

    /// <summary>Tries until it works or the lease is lost.</summary>
    private async Task<bool> TryRenewAsync(CancellationToken stopping)
    {
        while (Left is { } left && left > TimeSpan.Zero)
        {
            using var lost = new CancellationTokenSource(left, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, stopping);
            var sent = time.GetTimestamp();
            var sentUtc = time.GetUtcNow();
            try
            {
                await store.RenewLeaseAsync(Id, either.Token);
                Renewed(sent, sentUtc);
                return true;
            }
            catch (StoreLeaseNotFoundException)
            {
                return false;
            }
            catch (ClusterStoreException)
            {
                // The store has tried all members; a short pause, as long as there is time.
                await Task.Delay(_ttl / 20, time, stopping);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                return false;
            }
        }

        return false;
    }

    private void Renewed(long sent, DateTimeOffset sentUtc)
    {
        Volatile.Write(ref _renewed, sent);
        Volatile.Write(ref _renewedUtcTicks, sentUtc.UtcTicks);
    }
}
