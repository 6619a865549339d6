using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Http;
using Platform.Gateway.Forwarding;
using Platform.Messages.Identity;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Hosting.Recovery;
using Platform.TenantShard.Http;
using Platform.TenantShard.PocketBaseData;
using Platform.TenantShard.Shards;

namespace Platform.Cluster.Tenants;

/// <summary>The tenants of this process: the gateway hands their requests to shards without a hop.</summary>
internal sealed partial class ShardTenants : ITenantBackend, ITenantProvisioner, IAsyncDisposable
{
    /// <summary>How long an admin's request waits for a tenant to close.</summary>
    private static readonly TimeSpan EvictionWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan CloseMin = TimeSpan.FromSeconds(5);

    private readonly string _cacheFolder;
    private readonly TimeProvider _time;
    private readonly ILogger<ShardTenants> _logger;
    private readonly ShardMetrics _metrics;
    private readonly ReplicationMetrics _replicationMetrics;
    private readonly ShardHost _host;
    private readonly ShardBackend _backend;

    public ShardTenants(
        PlatformOptions options, string cacheFolder, IObjectStore objects, ITenantDirectory directory,
        IShardOwnership ownership, IMeterFactory meters, TimeProvider time, ILoggerFactory loggers)
    {
        _cacheFolder = cacheFolder;
        _time = time;
        _logger = loggers.CreateLogger<ShardTenants>();
        _metrics = new ShardMetrics(meters);
        _replicationMetrics = new ReplicationMetrics(meters);
        var files = OpenFileLimit.Read();
        var hostOptions = HostOptions(options, cacheFolder) with { AwakeMax = files.AwakeMax };
        if (hostOptions.AwakeMax < hostOptions.ActiveMax)
            LogFewFiles(
                hostOptions.ActiveMax, files.Files, hostOptions.AwakeMax, OpenFileLimit.FilesFor(hostOptions.ActiveMax));
        _host = new ShardHost(
            objects, directory, ownership, hostOptions, _metrics, time, loggers, _replicationMetrics);

        // No tenant's name starts with a dot.
        Recovery = new TenantRecovery(
            _host, objects, Path.Combine(cacheFolder, ".recovery"), time, loggers, ImportLimits(options.Import));
        _backend = new ShardBackend(_host, ApiOptions(options), time, loggers, Recovery);
    }

    public TenantRecovery Recovery { get; }

    public ShardHostStatus Status => _host.Status;

    /// <summary>How long the oldest write waits for object storage; zero when none does.</summary>
    public TimeSpan StorageLag => _host.StorageLag;

    /// <summary>The tenants that are open, opening or closing.</summary>
    public IEnumerable<TenantId> Open => _host.Tenants;

    /// <summary>What each open tenant has cost the processors since it was opened, by estimate.</summary>
    public IEnumerable<KeyValuePair<TenantId, TimeSpan>> Work => _host.Work;

    /// <summary>Opens a tenant before somebody asks; false: it did not open, and will be tried on demand.</summary>
    public Task<bool> TryOpenAsync(TenantId tenant, CancellationToken cancellationToken) =>
        _host.TryOpenAsync(tenant, cancellationToken);

    public Task HandleAsync(HttpContext context, TenantId tenant) => _backend.HandleAsync(context, tenant);

    /// <summary>As above; false, and nothing was done, when the tenant turns out to be another node's.</summary>
    public Task<bool> TryHandleAsync(HttpContext context, TenantId tenant) => _backend.TryHandleAsync(context, tenant);

    /// <summary>The node's side of moving a tenant.</summary>
    public ShardMoves Moves => _host.Moves;

    /// <summary>A refusal in the error shape of all APIs.</summary>
    public static ApiProblem ProblemOf(ShardRequestException refused) => new(refused.Status, refused.Message)
    {
        Fields = refused.FieldErrors.ToDictionary(
            field => field.Key, field => new FieldProblem(field.Value.Code, field.Value.Message)),
        RetryAfterSeconds = refused.Status == StatusCodes.Status503ServiceUnavailable ? 5 : null,
    };

    public async Task<ApiProblem?> CreateSuperuserAsync(
        TenantId tenant, SuperuserAccount account, CancellationToken cancellationToken)
    {
        try
        {
            await _backend.CreateSuperuserAsync(tenant, account.Email, account.Password, cancellationToken);
            return null;
        }
        catch (ShardRequestException refused)
        {
            return ProblemOf(refused);
        }
    }

    public Task<TenantStorage?> FindStorageAsync(TenantId tenant, CancellationToken cancellationToken) =>
        _backend.FindStorageAsync(tenant, cancellationToken);

    /// <summary>
    /// Closes the tenant after its requests have finished. A request that takes longer than a close may is left to
    /// end by itself: the caller's change is made, and the gateway sends no more.
    /// </summary>
    public async Task EvictAsync(TenantId tenant)
    {
        try
        {
            await _host.EvictAsync(tenant).WaitAsync(EvictionWait, _time);
        }
        catch (TimeoutException)
        {
            LogClosesSlowly(tenant.Value);
        }
    }

    public async Task ForgetAsync(TenantId tenant)
    {
        await EvictAsync(tenant);
        var copy = Path.Combine(_cacheFolder, tenant.Value);
        try
        {
            if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        }
        catch (IOException failure)
        {
            // It is of no use to anybody, also not to a later tenant of this name.
            LogNotForgotten(tenant.Value, failure);
        }
    }

    /// <summary>
    /// Finishes and ships what is queued, and closes every shard, in the time that is left, but always in enough to
    /// store a last group of writes.
    /// </summary>
    /// <exception cref="TimeoutException">Not in time; the process should end.</exception>
    public async Task CloseAsync(TimeSpan timeout)
    {
        try
        {
            await DisposeAsync().AsTask().WaitAsync(timeout > CloseMin ? timeout : CloseMin, _time);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(
                "tenants did not close in time (platform.shutdown-timeout). What is not in object storage yet is kept in "
                + "the data folder and stored after the next start.", late);
        }
    }

    /// <summary>As <see cref="CloseAsync"/>, however long it takes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _backend.DisposeAsync();
        _metrics.Dispose();
        _replicationMetrics.Dispose();
    }

    private static ShardHostOptions HostOptions(PlatformOptions options, string cacheFolder)
    {
        var node = options.TenantNode;
        return new ShardHostOptions
        {
            CachePath = cacheFolder,
            CacheBytesMax = node.CacheBytesMax,
            NodeId = options.NodeId,
            ActiveMax = node.MaxActive,
            MemoryBudgetBytes = node.MemoryBudgetBytes,
            StatementMemoryBytes = node.StatementMemoryBytes,
            IdleAfter = node.IdleAfter,
            MailboxLength = node.MailboxLengthMax,
            GroupCommandsMax = node.GroupCommandsMax,
            GroupWaitMax = node.GroupWaitMax,
            WriteDeadline = node.WriteDeadline,
            StatementDeadline = node.StatementDeadline,
            ActivationDeadline = node.ActivationDeadline,
            SqliteSlots = node.StatementsMax,
            ReadersWaitingMax = node.ReadersWaitingMax,
            CheckpointWalBytes = node.CheckpointWalBytes,
            UnshippedBytesMax = node.UnshippedBytesMax,
            LocalShipInterval = node.LocalShipInterval,
            PageCacheKiB = (int)(node.PageCacheBytes / 1024),
            UpkeepParallelism = options.Replication.UpkeepParallelism,
            ScrubInterval = options.Replication.ScrubInterval,
            RememberedMax = options.Replication.RememberedTenantsMax,
            FileRetention = options.Replication.Retention + options.Replication.DeletionGrace,
            Upkeep = new UpkeepOptions
            {
                Retention = options.Replication.Retention,
                TransactionRetention = options.Replication.TransactionRetention,
                TransactionsKept = options.Replication.TransactionsKept,
                DeletionGrace = options.Replication.DeletionGrace,
                SnapshotInterval = options.Replication.SnapshotInterval,
                MergeBytesMax = options.Replication.MergeBytesMax,
            },
        };
    }

    private static ImportLimits ImportLimits(ImportOptions options) => new()
    {
        UploadBytesMax = options.BytesMax,
        EntriesMax = options.EntriesMax,
        RatioMax = options.RatioMax,
    };

    private static TenantApiOptions ApiOptions(PlatformOptions options) => new()
    {
        BodyBytesMax = options.Http.BodyBytesMax,
        PasswordHashesMax = options.TenantNode.PasswordHashesMax,
        LoginsWaitingMax = options.TenantNode.LoginsWaitingMax,
        FailedLoginsMax = options.TenantNode.FailedLoginsMax,
        BackupBytesMax = options.Import.BytesMax,
        AdminUiFolder = options.TenantNode.AdminUi,
        LargeBodiesBytesMax = options.TenantNode.LargeBodiesBytesMax,
        AnswerBytesMax = options.TenantNode.AnswerBytesMax,
        SpoolBytesMax = options.TenantNode.UploadBytesMax,
        ReachesPrivateNetworks = options.TenantNode.ReachesPrivateNetworks,
        Realtime = options.TenantNode.Realtime,
        Mail = options.TenantNode.Mail,
        Thumbs = options.TenantNode.Thumbs,
    };

    [LoggerMessage(3038, LogLevel.Warning,
        "platform.tenant-node.max-active is {ActiveMax}, but the limit of {Files} open files lets {AwakeMax} tenants hold "
        + "their files at once; the least recently used of more rest, and open theirs again with their next request. "
        + "Raise the limit to {FilesWanted} (LimitNOFILE=, ulimit -Hn) to spare that")]
    private partial void LogFewFiles(int activeMax, long files, int awakeMax, long filesWanted);

    [LoggerMessage(3056, LogLevel.Warning, "The local copy of the purged tenant {TenantId} could not be deleted")]
    private partial void LogNotForgotten(string tenantId, Exception failure);

    [LoggerMessage(3037, LogLevel.Warning, "Tenant {TenantId} still has requests and closes when they end")]
    private partial void LogClosesSlowly(string tenantId);
}
