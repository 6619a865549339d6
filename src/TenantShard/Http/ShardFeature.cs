using Platform.TenantShard.Auth;
using Platform.TenantShard.Files;
using Platform.TenantShard.Logs;
using Platform.TenantShard.RateLimits;
using Platform.TenantShard.Realtime;
using Platform.TenantShard.Settings;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Http;

/// <summary>
/// The tenant of a request. The host makes one for each activation of a shard and sets the same instance as feature of
/// each of its requests, so that its caches live and die with the activation.
/// </summary>
/// <param name="shard">The activated shard.</param>
/// <param name="bodyBytesMax">The tenant's largest request body, in bytes; null = the node's.</param>
internal sealed class ShardFeature(IShard shard, long? bodyBytesMax = null) : IAsyncDisposable
{
    public IShard Shard { get; } = shard;

    public long? BodyBytesMax { get; } = bodyBytesMax;

    /// <summary>Where the tenant's files are; null where none can be stored.</summary>
    public TenantFiles? Files { get; init; }

    /// <summary>What is written down of requests; null where nothing can be.</summary>
    public TenantLogs? Logs { get; init; }

    /// <summary>True once a backup that was missed while the tenant was closed is made; set by the scheduler alone.</summary>
    public bool IsBackupChecked { get; set; }

    /// <summary>What the tenant's requests hold of the node's memory for bodies.</summary>
    public BudgetShare Bodies { get; } = new();

    /// <summary>What the tenant's uploads take of the node's disk.</summary>
    public BudgetShare Uploads { get; } = new();

    /// <summary>Verified tokens.</summary>
    public TokenCache Tokens { get; } = new();

    /// <summary>Recent failed logins.</summary>
    public LoginLimiter Logins { get; } = new(shard.Clock, TimeSpan.FromMinutes(1));

    /// <summary>Recent attempts at one-time passwords.</summary>
    public LoginLimiter OtpAttempts { get; } = new(shard.Clock, TimeSpan.FromMinutes(3));

    /// <summary>Recent mails that must not be sent again at once.</summary>
    public ResendThrottle Resends { get; } = new(shard.Clock);

    /// <summary>Recent requests, for the tenant's limits of rates.</summary>
    public RateLimiter Requests { get; } = new(shard.Clock);

    /// <summary>What requests need of the settings.</summary>
    public SettingsCache Settings { get; } = new(shard);

    /// <summary>Clients that wait for events.</summary>
    public RealtimeHub Realtime { get; } = new(shard);

    /// <summary>Ends what lives with the activation. Called before the shard closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await Realtime.DisposeAsync();
        await CloseLogsAsync();
    }

    /// <summary>Stores what is written down. Needs no shard, so it may go on while that ships its last writes.</summary>
    public async Task CloseLogsAsync()
    {
        if (Logs is null) return;
        await Logs.StoreAllAsync();
        Logs.Dispose();
    }
}
