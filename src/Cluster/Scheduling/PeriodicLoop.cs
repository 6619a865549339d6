namespace Platform.Cluster.Scheduling;

/// <summary>Work that is done again and again until its owner stops it. A failure of the work ends the loop.</summary>
internal static class PeriodicLoop
{
    /// <summary>After each interval; late, never twice at once, when the work takes longer.</summary>
    public static async Task RunAsync(
        TimeProvider time, TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping)) await work(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped: what was left undone is done after the next start.
        }
    }

    /// <summary>As above, for work that waits for nothing.</summary>
    public static Task RunAsync(TimeProvider time, TimeSpan interval, Action work, CancellationToken stopping) => RunAsync(
        time, interval,
        _ =>
        {
            work();
            return Task.CompletedTask;
        },
        stopping);

    /// <summary>As the first, and once at the beginning.</summary>
    public static async Task RunFromNowAsync(
        TimeProvider time, TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        try
        {
            await work(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }

        await RunAsync(time, interval, work, stopping);
    }
}
