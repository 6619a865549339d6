namespace Platform.Gateway.Proxying;

/// <summary>
/// The circuit breaker of one node. Closed: everything passes. After a number of failures in a row it opens and nothing
/// passes for a pause; then one request is the probe (half open), whose outcome closes it or opens it for twice as long.
/// A library's breaker opens by the share of failures in a window of time; with a node that is gone the first few
/// in a row say it sooner.
/// </summary>
internal sealed class NodeBreaker(ProxyOptions options, TimeProvider time)
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    /// <summary>A probe that never reports, because its request ended oddly, blocks the next one no longer.</summary>
    private static readonly TimeSpan ProbeMax = TimeSpan.FromSeconds(10);

    // Guards all below; held for a few comparisons.
    private readonly Lock _changing = new();
    private int _failures;
    private TimeSpan _pause;
    private long _waitsFrom;
    private TimeSpan _waits;

    /// <summary>True while the node is left alone.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_changing) return _failures >= options.BreakerFailures;
        }
    }

    /// <summary>
    /// True when a request may be sent. When the breaker is open, the caller that gets true is the probe.
    /// </summary>
    public bool TryEnter()
    {
        lock (_changing)
        {
            if (_failures < options.BreakerFailures) return true;
            if (time.GetElapsedTime(_waitsFrom) < _waits) return false;
            Wait(ProbeMax);
            return true;
        }
    }

    /// <summary>The node answered, whatever it said.</summary>
    public void Succeeded()
    {
        lock (_changing)
        {
            _failures = 0;
            _pause = TimeSpan.Zero;
        }
    }

    /// <summary>The node could not be reached or broke off. True when this opened the breaker.</summary>
    public bool Failed()
    {
        lock (_changing)
        {
            if (_failures < options.BreakerFailures && ++_failures < options.BreakerFailures) return false;
            var opened = _pause == TimeSpan.Zero;
            _pause = opened ? options.BreakerPause : _pause * 2 < PauseMax ? _pause * 2 : PauseMax;
            Wait(_pause);
            return opened;
        }
    }

    private void Wait(TimeSpan pause)
    {
        _waitsFrom = time.GetTimestamp();
        _waits = pause;
    }
}
