using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Platform.Cluster.CommandLine;
using Platform.Cluster.Configuration.Options;

namespace Platform.Cluster.Modes;

/// <summary>Runs one node until a signal: start, banner, wait, clean stop, exit code.</summary>
internal sealed class ServeCommand(PlatformOptions options, TextWriter output, TextWriter error, TimeProvider time)
{
    public async Task<int> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        try
        {
            await using (var node = await StartAsync(stop.Token))
            {
                await output.WriteAsync(node.Banner);
                await output.FlushAsync(CancellationToken.None);
                await WaitForStopAsync(stop.Token);
                await output.WriteLineAsync("Stopping: requests in flight are finished, then tenants are closed.");
            }

            await output.WriteLineAsync("Stopped.");
            return ExitCode.Success;
        }
        catch (Exception refused) when (refused is StartException or TimeoutException)
        {
            await error.WriteLineAsync($"platform: {refused.Message}");
            return ExitCode.Failure;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
#pragma warning disable CA1031 // The end of the process: an operator gets a sentence, a developer the rest on request.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            var detail = options.LogLevel <= LogLevel.Debug ? bug.ToString() : bug.Message;
            await error.WriteLineAsync($"platform: stopped by an unexpected error: {detail}");
            return ExitCode.Failure;
        }

        void OnSignal(PosixSignalContext context)
        {
            // The default action would end the process before its tenants are closed. A second signal takes it.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    private async Task<IServingNode> StartAsync(CancellationToken stop) => options.Mode == NodeMode.AllInOne
        ? await AllInOneNode.StartAsync(options, time, stop)
        : await ClusterNode.StartAsync(options, time, stop);

    /// <summary>Completes when <paramref name="stop"/> is cancelled.</summary>
    private static async Task WaitForStopAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}
