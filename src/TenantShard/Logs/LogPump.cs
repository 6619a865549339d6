using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Platform.TenantShard.Logs;

/// <summary>
/// One loop of the node that stores the logs of all tenants, in place of a timer for each. It only knows tenants that
/// have something to store.
/// </summary>
internal sealed partial class LogPump : IAsyncDisposable
{
    private const int Parallelism = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TenantLogs, byte> _waiting = new();
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public LogPump(TimeProvider clock, ILogger<LogPump> logger)
    {
        (_clock, _logger) = (clock, logger);
        _loop = RunAsync();
    }

    /// <summary>Tells that there is something to store.</summary>
    public void Mark(TenantLogs logs) => _waiting.TryAdd(logs, 0);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token)) await FlushDueAsync();
        }
        catch (OperationCanceledException)
        {
            // The node stops; each tenant stores its own when it closes.
        }
#pragma warning disable CA1031 // A broken loop must not go unnoticed; tenants go on serving without it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogLoopFailed(failure);
        }
    }

    private Task FlushDueAsync()
    {
        var parallelism = new ParallelOptions
        {
            MaxDegreeOfParallelism = Parallelism,
            CancellationToken = _stopping.Token,
        };
        return Parallel.ForEachAsync(_waiting.Keys, parallelism, async (logs, cancellationToken) =>
        {
            if (!logs.IsDue) return;
            // Taken off first: what comes during the work puts it back.
            _waiting.TryRemove(logs, out var _);
            try
            {
                await logs.FlushAsync(cancellationToken);
            }
            catch (ObjectDisposedException)
            {
                // The tenant has closed, and stored its own.
            }
        });
    }

    [LoggerMessage(2602, LogLevel.Critical, "The loop that stores tenants' logs ended by a failure")]
    private partial void LogLoopFailed(Exception failure);
}
