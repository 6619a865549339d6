using Platform.TenantShard.Backups;
using Platform.TenantShard.Http;
using Platform.TenantShard.Settings;

namespace Platform.TenantShard.Crons;

/// <summary>The jobs of every tenant: PocketBase's, at the same times.</summary>
internal static class CronJobs
{
    public const string LogsCleanup = "__pbLogsCleanup__";
    public const string Optimize = "__pbDBOptimize__";
    public const string MfaCleanup = "__pbMFACleanup__";
    public const string OtpCleanup = "__pbOTPCleanup__";
    public const string AutoBackup = "__pbAutoBackup__";

    private static readonly CronJob[] Always =
    [
        new(Optimize, CronExpression.Parse("0 0 * * *"), OptimizeAsync),
        new(MfaCleanup, CronExpression.Parse("0 * * * *"), static (tenant, _, cancellationToken) =>
            RemoveExpiredFactors.RunAsync(tenant.Shard, RemoveExpiredFactors.Mfas, cancellationToken)),
        new(OtpCleanup, CronExpression.Parse("0 * * * *"), static (tenant, _, cancellationToken) =>
            RemoveExpiredFactors.RunAsync(tenant.Shard, RemoveExpiredFactors.Otps, cancellationToken)),
        new(LogsCleanup, CronExpression.Parse("0 */6 * * *"), CleanLogsAsync),
    ];

    /// <summary>The jobs of a tenant with these settings.</summary>
    public static IEnumerable<CronJob> Of(RequestPolicy policy)
    {
        foreach (var job in Always) yield return job;
        if (policy.BackupSchedule is { } schedule)
            yield return new CronJob(AutoBackup, schedule, ScheduledBackup.RunAsync);
    }

    private static async Task OptimizeAsync(
        ShardFeature tenant, ApiServices services, CancellationToken cancellationToken)
    {
        // A tenant that nobody has written to is the template, and stays it.
        if (Templates.TenantInitialization.IsNeeded(tenant.Shard.Schema)) return;
        await tenant.Shard.WriteAsync(new OptimizeDatabase(), cancellationToken);
    }

    private static async Task CleanLogsAsync(
        ShardFeature tenant, ApiServices services, CancellationToken cancellationToken)
    {
        if (tenant.Logs is not { } logs) return;
        var policy = await tenant.Settings.ReadAsync(cancellationToken);
        await logs.CleanAsync(policy.Logs.DaysMax, cancellationToken);
    }
}
