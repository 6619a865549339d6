using System.CommandLine;
using System.CommandLine.Invocation;
using Platform.Pbm.Admin;
using Platform.Pbm.Shell;
using Platform.Pbm.Terminal;

namespace Platform.Pbm.Invocation;

/// <summary>The entry point: one command, or the shell when none is given.</summary>
internal static class PbmApplication
{
    /// <summary>Runs <paramref name="args"/> and returns the process's exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, PbmTerminal terminal)
    {
        var options = new GlobalOptions();
        var session = new PbmSession(terminal);
        var parsed = Parse(args, session, options);
        if (!IsShellRequest(parsed)) return await RunAsync(parsed, session, parsed.GetValue(options.Json));

        session = session with
        {
            Server = parsed.GetValue(options.Server),
            Token = parsed.GetValue(options.Token),
            Json = parsed.GetValue(options.Json),
            IsShell = true,
        };
        return await InteractiveShell.RunAsync(session);
    }

    /// <summary>Runs one command of a shell.</summary>
    public static Task<int> RunCommandAsync(IReadOnlyList<string> args, PbmSession session)
    {
        var options = new GlobalOptions();
        var parsed = Parse(args, session, options);
        return RunAsync(parsed, session, session.Json || parsed.GetValue(options.Json));
    }

    private static ParseResult Parse(IReadOnlyList<string> args, PbmSession session, GlobalOptions options)
    {
        // `help tenant` is what people type; `tenant --help` is what it means.
        if (args is ["help", ..]) args = [.. args.Skip(1), "--help"];
        return CommandTree.Build(session, options).Parse(args, CommandTree.Parser);
    }

    // Nothing but global options: every error left is the missing command.
    private static bool IsShellRequest(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand
        && parsed.UnmatchedTokens.Count == 0
        && parsed.Action is null or ParseErrorAction
        && parsed.Tokens.All(token => token.Type != System.CommandLine.Parsing.TokenType.Command)
        && parsed.Errors.All(error => error.SymbolResult is System.CommandLine.Parsing.CommandResult);

    private static async Task<int> RunAsync(ParseResult parsed, PbmSession session, bool isJson)
    {
        var terminal = session.Terminal;
        using var cancellation = new CancellationTokenSource();
        Action interrupt = cancellation.Cancel;
        terminal.Interrupted += interrupt;
        try
        {
            if (parsed.Errors.Count > 0 && parsed.Action is null or ParseErrorAction) throw UsageErrors.From(parsed);
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                // Ctrl-C is the terminal's business, because a shell survives it.
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellation.Token);
        }
        catch (PbmException exception)
        {
            return Report(exception, terminal, isJson);
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync("Interrupted.");
            return ExitCode.Interrupted;
        }
        finally
        {
            terminal.Interrupted -= interrupt;
        }
    }

    private static int Report(PbmException exception, PbmTerminal terminal, bool isJson)
    {
        if (isJson && exception.Json is { } json)
        {
            terminal.Error.WriteLine(System.Text.Encoding.UTF8.GetString(json).TrimEnd());
            return exception.ExitCode;
        }

        terminal.Error.WriteLine($"Error: {exception.Message}");
        foreach (var line in exception.Details) terminal.Error.WriteLine(line);
        return exception.ExitCode;
    }
}
