using Platform.TenantShard.Batch;
using Platform.TenantShard.ClientAddresses;
using Platform.TenantShard.Crons;
using Platform.TenantShard.Logs;
using Platform.TenantShard.RateLimits;

namespace Platform.TenantShard.Settings;

/// <summary>What every request needs of the tenant's settings, made ready once.</summary>
internal sealed class RequestPolicy
{
    public static readonly RequestPolicy Default = From(TenantSettings.Default());

    /// <summary>How the client's address is found.</summary>
    public required TrustedProxy Proxy { get; init; }

    /// <summary>From where superusers may act; empty = from everywhere.</summary>
    public required AddressList SuperuserAddresses { get; init; }

    /// <summary>Null = no limits.</summary>
    public required RateLimitRules? RateLimits { get; init; }

    /// <summary>Null = no batches.</summary>
    public required BatchLimits? Batch { get; init; }

    /// <summary>What of requests is written down.</summary>
    public required LogPolicy Logs { get; init; }

    /// <summary>When the tenant backs itself up; null = never.</summary>
    public required CronExpression? BackupSchedule { get; init; }

    /// <summary>Backups of the schedule that are kept.</summary>
    public required int BackupsKept { get; init; }

    public static RequestPolicy From(TenantSettings settings) => new()
    {
        Proxy = TrustedProxy.From(settings.Section("trustedProxy")),
        SuperuserAddresses = AddressList.From(settings.List("superuserIPs")),
        Batch = BatchLimits.Read(settings),
        RateLimits = RateLimitRules.From(settings.Section("rateLimits")),
        BackupSchedule = CronExpression.TryParse(settings.BackupCron, out var schedule) ? schedule : null,
        BackupsKept = settings.BackupsKept,
        Logs = LogPolicy.From(settings.Section("logs")),
    };
}
