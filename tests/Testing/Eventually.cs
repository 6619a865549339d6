using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Platform.Testing;

/// <summary>Waits for what another task, process or machine is about to do, within a bound.</summary>
public static class Eventually
{
    /// <summary>Far beyond what anything takes; only a failing test waits so long.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <exception cref="TimeoutException">It did not become true within a minute.</exception>
    public static Task TrueAsync(Func<bool> isTrue, [CallerArgumentExpression(nameof(isTrue))] string what = "") =>
        TrueAsync(() => Task.FromResult(isTrue()), what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string)"/>
    public static Task TrueAsync(string what, Func<bool> isTrue) => TrueAsync(isTrue, what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string)"/>
    public static Task TrueAsync(string what, Func<Task<bool>> isTrue) => TrueAsync(isTrue, what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string)"/>
    public static async Task TrueAsync(
        Func<Task<bool>> isTrue, [CallerArgumentExpression(nameof(isTrue))] string what = "")
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isTrue())
        {
            if (Stopwatch.GetElapsedTime(started) > Bound)
                throw new TimeoutException($"not within {Bound.TotalSeconds} s: {what}");
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }
}
