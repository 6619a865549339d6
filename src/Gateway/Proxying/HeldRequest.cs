using Platform.Gateway.Owners;

namespace Platform.Gateway.Proxying;

/// <summary>
/// The patience of one request: pauses between attempts, longer and longer and with jitter, until the hold timeout.
/// While it waits it counts among those that are held, whose number is bounded.
/// </summary>
internal sealed class HeldRequest(
    HeldRequests all, ProxyOptions options, ProxyMetrics metrics, TimeProvider time) : IDisposable
{
    /// <summary>Routes change within milliseconds once they are written; the first pauses are for that.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(500);

    private readonly long _started = time.GetTimestamp();
    private TimeSpan _pause = PauseMin;
    private bool _isHeld;

    /// <summary>What is left of the hold timeout; never negative.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = options.HoldTimeout - time.GetElapsedTime(_started);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Counts the request among the held ones from here to its end.</summary>
    /// <exception cref="OwnerUnavailableException">Too many are held already.</exception>
    public void Hold()
    {
        if (_isHeld) return;
        if (!all.TryEnter(options.HeldMax))
            throw new OwnerUnavailableException("Too many requests wait for their tenant; try again later.");
        _isHeld = true;
        metrics.HeldBegan();
    }

    /// <summary>
    /// Waits before the next attempt, until <paramref name="sooner"/> ends at most; false when there is no time for
    /// another.
    /// </summary>
    public async ValueTask<bool> PauseAsync(Func<CancellationToken, Task> sooner, CancellationToken cancellationToken)
    {
        var left = Left;
        if (left == TimeSpan.Zero) return false;
        Hold();
        var pause = all.Jitter(_pause);
        _pause = _pause * 2 < PauseMax ? _pause * 2 : PauseMax;
        using var over = new CancellationTokenSource(pause < left ? pause : left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await sooner(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The whole pause.
        }

        return true;
    }

    public void Dispose()
    {
        if (!_isHeld) return;
        all.Leave();
        metrics.HeldEnded();
    }
}
