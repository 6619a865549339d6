using System.CommandLine.Parsing;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Shell;

/// <summary>
/// Commands without <c>pbm</c> before them: from an edited line on a terminal, line by line from a file or a pipe.
/// </summary>
internal static class InteractiveShell
{
    private const string Prompt = "pbm> ";

    /// <summary>
    /// Runs until <c>exit</c> or the end of the input. On a terminal the exit code is 0; of a script, that of the last
    /// command that failed: later lines are run in any case.
    /// </summary>
    public static async Task<int> RunAsync(PbmSession session) =>
        session.Terminal.IsInteractive ? await RunTerminalAsync(session) : await RunScriptAsync(session);

    private static async Task<int> RunScriptAsync(PbmSession session)
    {
        var exitCode = ExitCode.Success;
        while (await session.Terminal.In.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (Words(line) is not { Length: > 0 } words) continue;
            if (IsExit(words)) break;
            var code = await PbmApplication.RunCommandAsync(words, session);
            if (code != ExitCode.Success) exitCode = code;
        }

        return exitCode;
    }

    private static async Task<int> RunTerminalAsync(PbmSession session)
    {
        var terminal = session.Terminal;
        var history = ShellHistory.Load(ShellHistory.Place(terminal.Environment));
        var completion = new ShellCompletion(session);
        var editor = new LineEditor(terminal.Keys!, terminal.Out, terminal.Width, history, completion.Complete);
        await terminal.Out.WriteLineAsync("`help` lists the commands, Tab completes them, `exit` leaves.");
        while (await ReadLineAsync(editor) is { } line)
        {
            if (Words(line) is not { Length: > 0 } words) continue;
            if (IsExit(words)) break;
            history.Add(line);
            await PbmApplication.RunCommandAsync(words, session);
        }

        history.Trim();
        return ExitCode.Success;
    }

    // Reading a key blocks, so it has a thread of its own.
    private static Task<string?> ReadLineAsync(LineEditor editor) => Task.Factory.StartNew(
        () => editor.ReadLine(Prompt),
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static bool IsExit(string[] words) => words is ["exit"] or ["quit"];

    private static string[] Words(string line)
    {
        if (line.TrimStart().StartsWith('#')) return [];
        var words = CommandLineParser.SplitCommandLine(line).ToArray();
        // A line copied from a document brings the program's name along.
        return words is ["pbm", ..] ? words[1..] : words;
    }
}
