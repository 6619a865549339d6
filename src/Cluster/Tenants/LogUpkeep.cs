using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Metrics;
using Platform.Cluster.Scheduling;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Logs;

namespace Platform.Cluster.Tenants;

/// <summary>
/// Has the logs of every tenant looked through once in an interval, a few each minute, by the one process that leads.
/// Tenants that are open remove old logs themselves; this is for those that nobody opens any more. Where the walk begins
/// is chance, and it begins anew with every leader, so that each tenant's turn comes also when leaders change often.
/// </summary>
internal sealed partial class LogUpkeep
{
    /// <summary>What is looked at in one go at most, however short the interval.</summary>
    private const int PerLookMax = 1000;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);

    private readonly LogSweep _sweep;
    private readonly TenantIndex _index;
    private readonly TimeSpan _interval;
    private readonly Func<bool> _isLeading;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly Counter<long> _looked;
    private readonly Counter<long> _removed;
    private double _due;
    private long _lastLook;
    private IReadOnlyList<TenantId> _round = [];
    private int _next;

    /// <param name="sweep">Looks through one tenant's logs.</param>
    /// <param name="index">The tenants.</param>
    /// <param name="interval">In which each of them comes once; zero for never.</param>
    /// <param name="isLeading">True while this process is the one that does it.</param>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Where a walk begins.</param>
    /// <param name="logger">The log.</param>
    public LogUpkeep(
        LogSweep sweep, TenantIndex index, TimeSpan interval, Func<bool> isLeading, IMeterFactory meters,
        TimeProvider time, Random random, ILogger<LogUpkeep> logger)
    {
        (_sweep, _index, _interval, _isLeading) = (sweep, index, interval, isLeading);
        (_time, _random, _logger) = (time, random, logger);
        var meter = meters.Create(NodeMetrics.MeterName);
        _looked = meter.CreateCounter<long>(
            "logs.sweep.tenants", "{tenant}", "Tenants whose logs in object storage were looked through for old ones.");
        _removed = meter.CreateCounter<long>(
            "logs.sweep.removed", "{segment}", "Old segments of logs that were deleted for tenants that are not open.");
        (_due, _lastLook) = (random.NextDouble(), time.GetTimestamp());
    }

    /// <summary>Runs until it is stopped.</summary>
    public Task RunAsync(CancellationToken stopping) => _interval == TimeSpan.Zero
        ? Task.CompletedTask
        : PeriodicLoop.RunAsync(_time, LookInterval, LookAsync, stopping);

    /// <summary>Looks through the logs of those tenants whose turn has come since the last look.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var elapsed = _time.GetElapsedTime(_lastLook);
        _lastLook = _time.GetTimestamp();
        if (!_isLeading())
        {
            _round = [];
            return;
        }

        _due = Math.Min(_due + (_index.Count * (elapsed / _interval)), PerLookMax);
        try
        {
            for (; _due >= 1 && Next() is { } tenant; _due--)
            {
                _removed.Add(await _sweep.RunAsync(tenant, cancellationToken));
                _looked.Add(1);
            }
        }
        catch (ObjectStoreException failure)
        {
            LogPutOff(failure);
        }
    }

    private TenantId? Next()
    {
        if (_next >= _round.Count)
        {
            var isFirst = _round.Count == 0;
            _round = _index.Ids();
            if (_round.Count == 0) return null;
            _next = isFirst ? _random.Next(_round.Count) : 0;
        }

        return _round[_next++];
    }

    [LoggerMessage(3059, LogLevel.Warning, "Deleting old logs of tenants that are not open is put off")]
    private partial void LogPutOff(Exception failure);
}
