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
            await using (var node = await AllInOneNode.StartAsync(options, time, stop.Token))
            {
                await output.WriteAsync(StartBanner.Compose(options, node));
                await output.FlushAsync(CancellationToken.None);
                await AllInOneNode.WaitForStopAsync(stop.Token);
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
}
