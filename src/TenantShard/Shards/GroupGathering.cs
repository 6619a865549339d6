using System.Threading.Channels;
using Platform.TenantShard.Hosting;

namespace Platform.TenantShard.Shards;

/// <summary>
/// Waits a moment, before a group runs, for the writers that are about to be back. Those of one group are answered
/// together, and who writes again does so at once: without the wait they meet the group that those before them have
/// begun, so that two halves take turns, and each write waits for the file of the other half and for its own. A single
/// writer never waits. A wait that was for nothing is paid for by groups that do not wait, more of them each time.
/// </summary>
internal sealed class GroupGathering(ShardHostOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>Timers count milliseconds.</summary>
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(1);

    private const int MissesMax = 6;

    private CancellationTokenSource _over = new(Timeout.InfiniteTimeSpan, clock);
    private TimeSpan _wait;
    private int _expected;
    private int _misses;

    /// <summary>Groups that still run without waiting.</summary>
    private int _unwaited;

    /// <summary>How many writes the next group is worth waiting for.</summary>
    public int Expected => _unwaited > 0 ? 0 : _expected;

    /// <summary>Notes a group that was answered just now.</summary>
    /// <param name="writers">Its writes.</param>
    /// <param name="queued">Writes that came meanwhile.</param>
    /// <param name="stored">How long the group took; nothing waits for longer.</param>
    public void Answered(int writers, int queued, TimeSpan stored)
    {
        if (_unwaited > 0) _unwaited--;
        _expected = Math.Min(writers + queued, options.GroupCommandsMax);
        _wait = stored < options.GroupWaitMax ? stored : options.GroupWaitMax;
        if (_wait < WaitMin) _wait = WaitMin;
        if (options.GroupWaitMax == TimeSpan.Zero) _expected = 0;
    }

    /// <summary>To be called before the first <see cref="WaitAsync"/> of a group.</summary>
    public void Begin() => _over.CancelAfter(_wait);

    /// <summary>True when there is more to take; false when the moment is over, or nothing will come.</summary>
    public async ValueTask<bool> WaitAsync(ChannelReader<WriteOperation> mailbox)
    {
        try
        {
            return await mailbox.WaitToReadAsync(_over.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>To be called when the group is complete.</summary>
    public void End(bool isMet)
    {
        if (!_over.TryReset())
        {
            _over.Dispose();
            _over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        }

        _misses = isMet ? 0 : Math.Min(_misses + 1, MissesMax);
        if (!isMet) _unwaited = 1 << _misses;
    }

    public void Dispose() => _over.Dispose();
}
