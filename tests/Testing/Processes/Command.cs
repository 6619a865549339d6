using System.Diagnostics;

namespace Platform.Testing.Processes;

/// <summary>Runs a program to its end, within a bound.</summary>
public static class Command
{
    /// <summary>No program that ends by itself needs longer in a test.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Runs it; throws when it does not end in time.</summary>
    /// <param name="program">A path, or a name in PATH.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="environment">Added to that of the tests.</param>
    /// <param name="workingFolder">The tests' own when null.</param>
    /// <param name="timeout">Two minutes when null.</param>
    public static async Task<CommandResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingFolder = null,
        TimeSpan? timeout = null)
    {
        using var process = new Process { StartInfo = Describe(program, arguments, environment, workingFolder) };
        process.Start();
        process.StandardInput.Close();
        using var bound = new CancellationTokenSource(timeout ?? DefaultTimeout);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{program} {string.Join(' ', process.StartInfo.ArgumentList)} did not end in time.\n{await output}\n{await error}");
        }

        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs it and returns what it wrote; throws with its own words when it fails.</summary>
    /// <inheritdoc cref="RunAsync"/>
    /// <exception cref="InvalidOperationException">Its exit code is not 0.</exception>
    public static async Task<string> OutputAsync(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? timeout = null)
    {
        var result = await RunAsync(program, arguments, environment, timeout: timeout);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {result.Error}");
    }

    internal static ProcessStartInfo Describe(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment,
        string? workingFolder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return start;
    }
}
