using System.Collections.Concurrent;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Hosting;

/// <summary>
/// The node's side of moving a tenant: a target prepares a copy while the owner serves, the owner lets go, the target
/// opens. Who owns what is decided elsewhere; nothing here changes it.
/// </summary>
public sealed class ShardMoves
{
    /// <summary>Copies that follow each other until one takes no longer than <see cref="RoundEnough"/>.</summary>
    private const int RoundsMax = 6;

    /// <summary>What came during such a round is read in less than that.</summary>
    private static readonly TimeSpan RoundEnough = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan RoundPause = TimeSpan.FromMilliseconds(50);

    private readonly ShardHost _host;
    private readonly ConcurrentDictionary<TenantId, ShardEntry> _entries;
    private readonly ITenantDirectory _directory;
    private readonly ShardActivation _activation;
    private readonly ShardEviction _eviction;
    private readonly ShardHostOptions _options;
    private readonly TimeProvider _clock;

    internal ShardMoves(
        ShardHost host, ConcurrentDictionary<TenantId, ShardEntry> entries, ITenantDirectory directory,
        ShardActivation activation, ShardEviction eviction, ShardHostOptions options, TimeProvider clock)
    {
        (_host, _entries, _directory) = (host, entries, directory);
        (_activation, _eviction, _options, _clock) = (activation, eviction, options, clock);
    }

    /// <summary>
    /// Makes a local copy of a tenant that another node serves, in rounds: each takes what came during the one before.
    /// Requests that come meanwhile, because the tenant has become this node's after all, wait for its end.
    /// </summary>
    /// <exception cref="ShardRequestException">It cannot be prepared; nothing was changed.</exception>
    public async Task PrepareAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var held = new ShardEntry(tenant, isHeld: true);
        if (_host.IsClosing) throw Refusal(ShardHost.IsShuttingDown());
        if (!_entries.TryAdd(tenant, held))
        {
            // What is left of a former ownership.
            await _host.EvictAsync(tenant).WaitAsync(_options.ActivationDeadline, _clock, cancellationToken);
            if (!_entries.TryAdd(tenant, held)) throw new ShardRequestException(409, "The tenant is in use here.", [], null);
        }

        try
        {
            var descriptor = _directory.Find(tenant) ?? throw ApiException.NotFound();
            for (var round = 1; round <= RoundsMax; round++)
            {
                if (await TryRoundAsync(descriptor, isLast: round == RoundsMax, cancellationToken)) return;
            }
        }
        catch (ApiException refusal)
        {
            throw Refusal(refusal);
        }
        catch (Exception failure) when (failure is ObjectStoreException or RestoreException or IOException)
        {
            throw new ShardRequestException(503, $"The tenant's data cannot be copied: {failure.Message}", [], failure);
        }
        finally
        {
            held.LeaveFrom(_entries);
        }
    }

    /// <summary>True when what the next round would find is little.</summary>
    private async Task<bool> TryRoundAsync(TenantDescriptor descriptor, bool isLast, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        try
        {
            var wasLittle = await _activation.PrepareAsync(descriptor, cancellationToken);
            return wasLittle && _clock.GetElapsedTime(started) <= RoundEnough;
        }
        catch (RestoreException) when (!isLast)
        {
            // A folder that is listed while the owner writes may show a file and not the one before it; upkeep may have
            // merged and removed one since it was listed. The next listing has them.
            await Task.Delay(RoundPause, _clock, cancellationToken);
            return false;
        }
    }

    /// <summary>
    /// Ends the tenant's service here, after the caller has seen to it that nothing new comes: requests inside finish,
    /// their writes are acknowledged, and all of it is in object storage when this returns. Files are closed after that.
    /// </summary>
    /// <returns>True when the tenant was open.</returns>
    /// <exception cref="ShardRequestException">
    /// Something else is done to the tenant's data, or object storage does not have everything.
    /// </exception>
    public async Task<bool> ReleaseAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (!_entries.TryGetValue(tenant, out var entry)) return false;
        if (entry.IsHeld) throw new ShardRequestException(409, "The tenant's data is being changed at the moment.", [], null);
        var closing = _eviction.CloseAsync(entry, "moved");
        await Task.WhenAny(closing, entry.Shipped).WaitAsync(cancellationToken);
        if (entry.Opened is null) return false;
        if (entry.Shipped.IsCompletedSuccessfully && await entry.Shipped) return true;
        throw new ShardRequestException(503, "Object storage does not take the tenant's last writes.", [], null);
    }

    /// <summary>Stores what only this node has, before the tenant is released: then there is little left to store.</summary>
    /// <exception cref="ShardRequestException">Object storage does not take it, or the tenant does not open.</exception>
    public async Task ShipAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        try
        {
            await _host.ShipAsync(tenant, cancellationToken);
        }
        catch (ApiException refusal)
        {
            throw Refusal(refusal);
        }
        catch (RestoreException damaged)
        {
            throw new ShardRequestException(503, damaged.Message, [], damaged);
        }
    }

    /// <summary>Opens the tenant ahead of its first request.</summary>
    /// <exception cref="ShardRequestException">It cannot be opened here now.</exception>
    public async Task OpenAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        try
        {
            (await _host.EnterAsync(tenant, cancellationToken)).Opened!.Leave();
        }
        catch (ApiException refusal)
        {
            throw Refusal(refusal);
        }
        catch (Exception failure) when (failure is TimeoutException or RestoreException)
        {
            throw new ShardRequestException(503, failure.Message, [], failure);
        }
    }

    /// <summary>
    /// What the tenant is on this node: <c>active</c>, <c>opening</c>, <c>closing</c>, <c>held</c>, <c>closed</c>.
    /// </summary>
    public string StateOf(TenantId tenant) => _entries.TryGetValue(tenant, out var entry)
        ? entry switch
        {
            { IsHeld: true } => "held",
            { Opened: null } => "opening",
            { IsBusy: true } => "closing",
            _ => "active",
        }
        : "closed";

    private static ShardRequestException Refusal(ApiException refusal) => new(refusal.Status, refusal.Message, [], refusal);
}
