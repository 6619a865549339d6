using System.Diagnostics;

namespace Platform.Testing.Processes;

/// <summary>A process that runs until it is told to end, with what it writes.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    /// <summary>What is killed is gone at once; this bounds the wait for the kernel.</summary>
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private RunningProcess(Process process)
    {
        _process = process;
        Id = process.Id;
    }

    public int Id { get; }

    public ProcessOutput Output { get; } = new();

    public static RunningProcess Start(ProcessStartInfo start)
    {
        var running = new RunningProcess(Process.Start(start)!);
        running.Output.Attach(running._process);
        return running;
    }

    /// <summary>Waits for a line of output; throws with all output when the process ends or time is over before it.</summary>
    public async Task<string> WaitForLineAsync(Predicate<string> isExpected, TimeSpan timeout)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Output.Watch(line =>
        {
            if (isExpected(line)) found.TrySetResult(line);
        });
        using var bound = new CancellationTokenSource(timeout);
        var ended = _process.WaitForExitAsync(bound.Token);
        await Task.WhenAny(found.Task, ended);
        if (found.Task.IsCompleted) return await found.Task;
        var reason = bound.IsCancellationRequested ? "did not say so in time" : $"ended with {_process.ExitCode}";
        throw new InvalidOperationException($"{_process.StartInfo.FileName} {reason}:\n{Output}");
    }

    public void Terminate() => Signal.Send(_process, Signal.Terminate);

    public async Task<int> StopAsync(TimeSpan timeout)
    {
        if (!_process.HasExited) Terminate();
        using var bound = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not stop in time:\n{Output}");
        }

        return _process.ExitCode;
    }

    public async Task KillAsync()
    {
        if (!_process.HasExited) Signal.Send(_process, Signal.Kill);
        using var bound = new CancellationTokenSource(KillTimeout);
        await _process.WaitForExitAsync(bound.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
