using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Replication.Fencing;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Scheduling;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Hosting;

/// <summary>
/// All shards of this node: opens a tenant on its first request (once, however many requests wait), keeps the number
/// and memory of open shards bounded, and closes them in order at shutdown.
/// </summary>
public sealed partial class ShardHost : IAsyncDisposable
{
    /// <summary>Tries to enter: each further one means that the shard was closed, or opened, just in between.</summary>
    private const int TurnsMax = 5;

    private readonly ConcurrentDictionary<TenantId, ShardEntry> _entries = new();
    private readonly ITenantDirectory _directory;
    private readonly ShardHostOptions _options;
    private readonly ShardMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ShardActivation _activation;
    private readonly ShardEviction _eviction;
    private readonly ShardMaintenance _maintenance;
    private readonly ILogger _logger;
    private volatile bool _isClosing;

    public ShardHost(
        IObjectStore store, ITenantDirectory directory, IShardOwnership ownership, ShardHostOptions options,
        ShardMetrics metrics, TimeProvider clock, ILoggerFactory loggers, ReplicationMetrics? replicationMetrics = null)
    {
        SqliteEngine.EnsureLoaded();
        if (options.StatementMemoryBytes > 0)
            SqliteEngine.LimitMemory(options.MemoryBudgetBytes + options.StatementMemoryBytes);
        _directory = directory;
        _options = options;
        _metrics = metrics;
        _clock = clock;
        _logger = loggers.CreateLogger<ShardHost>();
        var slotCount = options.SqliteSlots > 0 ? options.SqliteSlots : Math.Max(4, Environment.ProcessorCount * 2);
        var slots = new SqliteSlots(slotCount, options.ReadersWaitingMax, options.StatementDeadline, clock);
        store = replicationMetrics is null ? store : new MeteredObjectStore(store, replicationMetrics, clock);
        var awake = new AwakeShards(options.AwakeMax);
        _activation = new ShardActivation(
            store, ownership, slots, awake, options, metrics, replicationMetrics, clock, loggers);
        _eviction = new ShardEviction(_entries, options, metrics, clock, loggers.CreateLogger<ShardEviction>());
        var upkeep = new ShardReplicaUpkeep(
            _entries, options, clock, new Random(), loggers.CreateLogger<ShardReplicaUpkeep>());
        var resting = new ShardResting(_entries, awake);
        var copies = new LocalCopies(_entries, _activation, store, directory, options, metrics, clock, loggers);
        _maintenance = new ShardMaintenance(
            _entries, _eviction, resting, upkeep, copies, slots, options, metrics, clock,
            loggers.CreateLogger<ShardMaintenance>());
        Moves = new ShardMoves(this, _entries, directory, _activation, _eviction, options, clock);
        replicationMetrics?.Observe(upkeep.OldestSnapshotSeconds, upkeep.LastVerificationSeconds);
        metrics.Observe(
            () => _entries.Count, () => awake.Count, _maintenance.UnshippedBytes, _maintenance.LagSeconds,
            ShardMaintenance.SqliteBytes, () => copies.Bytes);
    }

    public ShardHostStatus Status => new(
        _entries.Count, _options.ActiveMax, _maintenance.UnshippedBytes(), ShardMaintenance.SqliteBytes());

    /// <summary>How long the oldest write waits for object storage; zero when none does.</summary>
    public TimeSpan StorageLag => TimeSpan.FromSeconds(_maintenance.LagSeconds());

    /// <summary>The tenants that are open, or are opening or closing.</summary>
    public IEnumerable<TenantId> Tenants => _entries.Keys;

    /// <summary>What each open tenant has cost the processors since it was opened; see <see cref="Shard.Work"/>.</summary>
    public IEnumerable<KeyValuePair<TenantId, TimeSpan>> Work
    {
        get
        {
            foreach (var (tenant, entry) in _entries)
                if (entry.Opened is { } shard) yield return new(tenant, shard.Work);
        }
    }

    /// <summary>The node's side of moving a tenant.</summary>
    public ShardMoves Moves { get; }

    /// <summary>True once no shard is opened any more.</summary>
    internal bool IsClosing => _isClosing;

    /// <summary>The tenants that are open or on their way to it, at this moment.</summary>
    internal ICollection<ShardEntry> Entries => _entries.Values;

    /// <summary>
    /// Enters the tenant's shard, opening it if need be; the caller must leave it. Completes
    /// synchronously when the shard is open, which is the usual case.
    /// </summary>
    /// <exception cref="ApiException">404: no such tenant; 503: it cannot be opened now.</exception>
    internal ValueTask<ShardEntry> EnterAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (_entries.TryGetValue(tenant, out var entry) && entry.Opened is { } shard && shard.TryEnter())
        {
            _metrics.Hit();
            return ValueTask.FromResult(entry);
        }

        return ActivateAsync(tenant, cancellationToken);
    }

    /// <summary>Opens the tenant's shard ahead of its first request; false: it cannot be opened now.</summary>
    public async Task<bool> TryOpenAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        try
        {
            (await EnterAsync(tenant, cancellationToken)).Opened!.Leave();
            return true;
        }
        catch (Exception refused) when (refused is ApiException or TimeoutException)
        {
            // The activation has logged why.
            return false;
        }
    }

    /// <summary>Closes the tenant's shard, if it is open, after its requests have finished.</summary>
    public Task EvictAsync(TenantId tenant) =>
        _entries.TryGetValue(tenant, out var entry) ? _eviction.CloseAsync(entry, "asked") : Task.CompletedTask;

    /// <summary>
    /// Does something to a tenant's data while its shard is closed. What the shard had committed is in object storage
    /// before, and the epoch is this node's; requests that come meanwhile wait, for as long as an activation may take.
    /// </summary>
    /// <exception cref="ApiException">503: it is held already, does not close, or cannot be owned now.</exception>
    internal async Task<TResult> HoldAsync<TResult>(
        TenantId tenant, Func<Task<TResult>> work, CancellationToken cancellationToken)
    {
        var held = new ShardEntry(tenant, isHeld: true);
        for (var attempt = 0; !_entries.TryAdd(tenant, held); attempt++)
        {
            if (attempt == TurnsMax) throw IsTooBusy();
            if (_entries.TryGetValue(tenant, out var present)) await CloseForHoldAsync(present, cancellationToken);
        }

        try
        {
            if (_isClosing) throw IsShuttingDown();
            var descriptor = _directory.Find(tenant) ?? throw ApiException.NotFound();
            await _activation.SettleClosedAsync(descriptor, cancellationToken);
            return await work();
        }
        finally
        {
            held.LeaveFrom(_entries);
        }
    }

    /// <summary>
    /// Stores what the tenant has committed and object storage does not have, also when only a crash's local copy has
    /// it.
    /// </summary>
    /// <exception cref="ApiException">503: object storage did not take it, or the tenant does not open.</exception>
    internal async Task ShipAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var isOpen = _entries.TryGetValue(tenant, out var present) && present.Opened is not null;
        if (_directory.Find(tenant) is null || (!isOpen && !_activation.HasLocalCommits(tenant))) return;
        var shard = (await EnterAsync(tenant, cancellationToken)).Opened!;
        try
        {
            await shard.Shipping.ShipAsync();
        }
        catch (FencedException fenced)
        {
            shard.Fence(fenced);
            throw ShardActivation.IsNotOwned(fenced);
        }
        finally
        {
            shard.Leave();
        }
    }

    /// <summary>Stores the logs that only this node has; whoever cannot goes on without them.</summary>
    internal async Task ShipLogsAsync(TenantId tenant)
    {
        if (!_entries.TryGetValue(tenant, out var entry) || entry.Opened is null || entry.Feature?.Logs is not { } logs)
            return;
        try
        {
            await logs.StoreAllAsync();
        }
        catch (ObjectDisposedException)
        {
            // The tenant has closed meanwhile, and stored its own.
        }
    }

    /// <summary>Stops taking requests, finishes and ships what is queued, and closes all shards.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosing = true;
        await _maintenance.DisposeAsync();
        await Parallel.ForEachAsync(
            _entries.Values,
            new ParallelOptions { MaxDegreeOfParallelism = _options.MaintenanceParallelism },
            async (entry, _) => await (entry.IsHeld ? entry.Closed : _eviction.CloseAsync(entry, "shutdown")));
        LogClosed();
    }

    private async ValueTask<ShardEntry> ActivateAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < TurnsMax; attempt++)
        {
            if (_isClosing) throw IsShuttingDown();
            var entry = _entries.GetOrAdd(tenant, static id => new ShardEntry(id));
            if (entry.IsHeld)
            {
                await entry.Closed.WaitAsync(_options.ActivationDeadline, _clock, cancellationToken);
                continue;
            }

            var opening = entry.OpenAsync(() => OpenAsync(entry));
            var shard = await opening.WaitAsync(_options.ActivationDeadline, _clock, cancellationToken);
            if (shard.TryEnter()) return entry;
            await entry.Closed.WaitAsync(_options.ActivationDeadline, _clock, cancellationToken);
        }

        throw IsTooBusy();
    }

    private async Task<Shard> OpenAsync(ShardEntry entry)
    {
        try
        {
            var descriptor = _directory.Find(entry.Tenant) ?? throw ApiException.NotFound();
            await _eviction.MakeRoomAsync(entry);
            // Not the request's token: others wait for the same activation.
            using var deadline = new CancellationTokenSource(_options.ActivationDeadline, _clock);
            return await _activation.OpenAsync(
                descriptor, _ => _maintenance.MarkFailed(entry), _maintenance.MarkUnshipped, deadline.Token);
        }
        catch (OperationCanceledException late)
        {
            entry.LeaveFrom(_entries);
            throw OpensTooSlowly(late);
        }
        catch
        {
            entry.LeaveFrom(_entries);
            throw;
        }
    }

    private async Task CloseForHoldAsync(ShardEntry present, CancellationToken cancellationToken)
    {
        if (present.IsHeld) throw ApiException.Unavailable("The tenant's data is being changed already.", 5);
        if (_isClosing) throw IsShuttingDown();
        // One that fails to open leaves the host by itself, and says why to those who wait for it.
        _ = await Task.WhenAny(_eviction.CloseAsync(present, "held"), present.Closed);
        await present.Closed.WaitAsync(_options.ActivationDeadline, _clock, cancellationToken);
    }

    private static ApiException IsTooBusy() =>
        ApiException.Unavailable("The tenant is opened and closed too often.", retryAfterSeconds: 1);

    internal static ApiException IsShuttingDown() =>
        ApiException.Unavailable("The node is shutting down.", retryAfterSeconds: 1);

    internal static ApiException OpensTooSlowly(Exception cause) =>
        new(503, "The tenant's data did not arrive in time.", cause: cause) { RetryAfterSeconds = 2 };

    [LoggerMessage(2401, LogLevel.Information, "All shards are closed")]
    private partial void LogClosed();
}
