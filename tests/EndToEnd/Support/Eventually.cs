using System.Diagnostics;

namespace Platform.EndToEnd.Tests.Support;

/// <summary>Waits for what another process is about to do, within a bound.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static Task TrueAsync(string what, Func<bool> isTrue) => TrueAsync(what, () => Task.FromResult(isTrue()));

    public static async Task TrueAsync(string what, Func<Task<bool>> isTrue)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isTrue())
        {
            if (Stopwatch.GetElapsedTime(started) > Bound) throw new TimeoutException($"not within {Bound.TotalSeconds} s: {what}");
            await Task.Delay(Pause);
        }
    }
}
