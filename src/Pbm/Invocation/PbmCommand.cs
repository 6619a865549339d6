using System.CommandLine;

namespace Platform.Pbm.Invocation;

/// <summary>Binds a verb to what it does.</summary>
internal static class PbmCommand
{
    /// <summary>Runs <paramref name="act"/> with an open context; failures are exceptions.</summary>
    public static Command Does(
        this Command command,
        GlobalOptions options,
        PbmSession session,
        Func<CommandContext, ParseResult, CancellationToken, Task> act)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var context = CommandContext.Open(parsed, options, session);
            await act(context, parsed, cancellationToken);
            return Admin.ExitCode.Success;
        });
        return command;
    }
}
