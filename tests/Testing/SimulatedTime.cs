namespace Platform.Testing;

/// <summary>
/// A clock that stands still until a test moves it. Wall time and monotonic time can be moved apart. It has no timers:
/// what is tested with it asks for the time and never waits.
/// </summary>
public sealed class SimulatedTime : TimeProvider
{
    private long _monotonicTicks;
    private long _utcTicks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _utcTicks), TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref _monotonicTicks);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("Simulated time has no timers.");

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan by)
    {
        Interlocked.Add(ref _monotonicTicks, by.Ticks);
        Interlocked.Add(ref _utcTicks, by.Ticks);
    }

    /// <summary>The wall clock is set, forward or back; the monotonic one does not notice.</summary>
    public void SetWallClock(TimeSpan by) => Interlocked.Add(ref _utcTicks, by.Ticks);
}
