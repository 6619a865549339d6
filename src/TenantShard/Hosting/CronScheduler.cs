using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.TenantShard.Backups;
using Platform.TenantShard.Crons;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Logs;

namespace Platform.TenantShard.Hosting;

/// <summary>
/// Runs the jobs of the node's open tenants, in one loop that wakes every minute. A tenant that is closed has nothing to
/// clean; a backup that its schedule wanted meanwhile is made when it is open again.
/// </summary>
internal sealed partial class CronScheduler : IAsyncDisposable
{
    /// <summary>Jobs that run at once: each may take a scan of a table.</summary>
    private const int Parallelism = 2;

    /// <summary>Minutes that are made up for when the loop was held up.</summary>
    private const int LateMinutesMax = 60;

    private readonly ShardHost _host;
    private readonly ApiServices _services;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public CronScheduler(ShardHost host, ApiServices services, TimeProvider clock, ILogger<CronScheduler> logger)
    {
        (_host, _services, _clock, _logger) = (host, services, clock, logger);
        _loop = LoopAsync();
    }

    /// <summary>Runs what is due in a minute, of every open tenant.</summary>
    public Task RunMinuteAsync(DateTimeOffset minute, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        _host.Entries,
        new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
        async (entry, cancel) => await RunDueAsync(entry, minute, cancel));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private async Task LoopAsync()
    {
        var last = CronExpression.Floor(_clock.GetUtcNow());
        try
        {
            while (true)
            {
                await Task.Delay(last.AddMinutes(1) - _clock.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
                    _clock, _stopping.Token);
                var now = CronExpression.Floor(_clock.GetUtcNow());
                if (now - last > TimeSpan.FromMinutes(LateMinutesMax)) last = now.AddMinutes(-LateMinutesMax);
                for (; last < now; last = last.AddMinutes(1))
                    await RunMinuteAsync(last.AddMinutes(1), _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
#pragma warning disable CA1031 // A broken loop must not go unnoticed; tenants go on serving without it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogLoopFailed(failure);
        }
    }

    private async Task RunDueAsync(ShardEntry entry, DateTimeOffset minute, CancellationToken cancellationToken)
    {
        if (entry.IsBusy || entry.Feature is not { } tenant) return;
        var policy = tenant.Settings.Known;
        var due = CronJobs.Of(policy).Where(job => job.Schedule.Includes(minute)).ToList();
        var mayMiss = policy.BackupSchedule is not null && !tenant.IsBackupChecked;
        // Asked before it is entered, which counts as a use of the tenant.
        if ((due.Count == 0 && !mayMiss) || entry.Opened?.TryEnter() is not true) return;
        try
        {
            if (mayMiss && !due.Exists(static job => job.Id == CronJobs.AutoBackup))
                await CatchUpAsync(tenant, policy.BackupSchedule!, cancellationToken);
            tenant.IsBackupChecked = true;
            foreach (var job in due) await RunAsync(tenant, job, cancellationToken);
        }
        finally
        {
            entry.Opened!.Leave();
        }
    }

    private async Task CatchUpAsync(ShardFeature tenant, CronExpression schedule, CancellationToken cancellationToken)
    {
        var job = new CronJob(CronJobs.AutoBackup, schedule, async (tenant, services, cancel) =>
        {
            if (await ScheduledBackup.IsMissedAsync(tenant, services, schedule, cancel))
                await ScheduledBackup.RunAsync(tenant, services, cancel);
        });
        await RunAsync(tenant, job, cancellationToken);
    }

    private async Task RunAsync(ShardFeature tenant, CronJob job, CancellationToken cancellationToken)
    {
        try
        {
            await job.Run(tenant, _services, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Supervision: a job of one tenant must not end those of all others.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogJobFailed(failure, job.Id, tenant.Shard.Tenant);
            Note(tenant, job, failure);
        }
    }

    /// <summary>The tenant's superusers learn of it too, in their own log.</summary>
    private void Note(ShardFeature tenant, CronJob job, Exception failure)
    {
        var policy = tenant.Settings.Known.Logs;
        if (tenant.Logs is not { } logs || !policy.Includes(LogSeverity.Error)) return;
        var entry = new LogEntry
        {
            Time = _clock.GetUtcNow(),
            Level = LogSeverity.Error,
            Message = $"The cron job {job.Id} failed.",
            Error = failure is ApiException refusal ? refusal.Message : "Something went wrong.",
        };
        if (logs.Add(entry, policy.DaysMax)) _services.Logs.Mark(logs);
    }

    [LoggerMessage(2611, LogLevel.Warning, "The cron job {Job} of tenant {TenantId} failed")]
    private partial void LogJobFailed(Exception failure, string job, TenantId tenantId);

    [LoggerMessage(2612, LogLevel.Critical, "The loop of tenants' cron jobs ended by a failure")]
    private partial void LogLoopFailed(Exception failure);
}
