using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;

namespace Platform.TenantShard.Mail;

/// <summary>
/// Sends the tenants' mail in the background, so that no request waits for a mail server. Each tenant's messages go one
/// after the other: a slow server delays only its own tenant. What waits is in memory; mail is sent at most a few times
/// and is lost with the process.
/// </summary>
internal sealed partial class MailQueue(
    MailOptions options, SmtpSender sender, TimeProvider clock, ILogger<MailQueue> logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TenantId, Queue<Job>> _lanes = [];
    private readonly Dictionary<TenantId, Task> _deliveries = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger = logger;
    private int _waiting;
    private bool _isStopped;

    /// <summary>Takes the message; false when too many wait already.</summary>
    public bool TryAdd(TenantId tenant, SmtpSettings settings, MailMessage message)
    {
        lock (_gate)
        {
            var isFull = _isStopped || _waiting >= options.WaitingMax
                || (_lanes.TryGetValue(tenant, out var lane) && lane.Count >= options.TenantWaitingMax);
            if (!isFull)
            {
                Add(tenant, new Job(settings, message));
                return true;
            }
        }

        LogDropped(tenant.Value);
        return false;
    }

    /// <summary>Notes that a tenant wanted to send without a mail server.</summary>
    public void MissServer(TenantId tenant) => LogNoServer(tenant.Value);

    /// <summary>Waits a moment for what is under way, then gives up the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] deliveries;
        lock (_gate)
        {
            _isStopped = true;
            deliveries = [.. _deliveries.Values];
        }

        _stop.CancelAfter(options.StopWait);
        await Task.WhenAll(deliveries);
        _stop.Dispose();
    }

    private void Add(TenantId tenant, Job job)
    {
        _waiting++;
        if (_lanes.TryGetValue(tenant, out var lane))
        {
            lane.Enqueue(job);
            return;
        }

        _lanes[tenant] = new Queue<Job>([job]);
        _deliveries[tenant] = Task.Run(() => DeliverAsync(tenant), CancellationToken.None);
    }

    private async Task DeliverAsync(TenantId tenant)
    {
        while (Next(tenant) is { } job)
        {
            try
            {
                await SendAsync(tenant, job);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                LogAbandoned(tenant.Value);
            }
#pragma warning disable CA1031 // The lane's boundary: one message that cannot be sent must not keep the others.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogFailed(error, tenant.Value);
            }
        }
    }

    /// <summary>The next message of the tenant; with the last one its lane ends.</summary>
    private Job? Next(TenantId tenant)
    {
        lock (_gate)
        {
            if (_lanes[tenant].TryDequeue(out var job))
            {
                _waiting--;
                return job;
            }

            _lanes.Remove(tenant);
            _deliveries.Remove(tenant);
            return null;
        }
    }

    private async Task SendAsync(TenantId tenant, Job job)
    {
        var wait = options.RetryAfter;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await sender.SendAsync(job.Settings, job.Message, _stop.Token);
                return;
            }
            catch (SmtpException error) when (!error.IsPermanent && attempt < options.AttemptsMax)
            {
                LogRetried(error, tenant.Value, attempt);
            }

            await Task.Delay(wait, clock, _stop.Token);
            wait *= 4;
        }
    }

    [LoggerMessage(2350, LogLevel.Warning, "Too many messages wait; one of tenant {TenantId} is dropped")]
    private partial void LogDropped(string tenantId);

    [LoggerMessage(2351, LogLevel.Warning, "The node stops; a message of tenant {TenantId} is not sent")]
    private partial void LogAbandoned(string tenantId);

    [LoggerMessage(2352, LogLevel.Warning, "A message of tenant {TenantId} could not be sent")]
    private partial void LogFailed(Exception error, string tenantId);

    [LoggerMessage(2353, LogLevel.Information, "A message of tenant {TenantId} was not taken at attempt {Attempt}")]
    private partial void LogRetried(Exception error, string tenantId, int attempt);

    [LoggerMessage(2354, LogLevel.Warning, "Tenant {TenantId} has no mail server; a message is not sent")]
    private partial void LogNoServer(string tenantId);

    private sealed record Job(SmtpSettings Settings, MailMessage Message);
}
