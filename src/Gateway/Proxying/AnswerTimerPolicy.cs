using Microsoft.Extensions.ObjectPool;

namespace Platform.Gateway.Proxying;

/// <summary>Makes the timers of answers; one that has fired, or that another clock drives, is not used again.</summary>
internal sealed class AnswerTimerPolicy(TimeProvider time) : IPooledObjectPolicy<CancellationTokenSource>
{
    public CancellationTokenSource Create() => new(Timeout.InfiniteTimeSpan, time);

    public bool Return(CancellationTokenSource obj) => obj.TryReset();
}
