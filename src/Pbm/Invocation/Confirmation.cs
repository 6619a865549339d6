using System.CommandLine;
using Platform.Pbm.Admin;
using Platform.Pbm.Terminal;

namespace Platform.Pbm.Invocation;

/// <summary>What commands that take something away ask first.</summary>
internal static class Confirmation
{
    public static Option<bool> Option() =>
        new("--yes") { Description = "Do not ask. Needed when nobody can be asked." };

    /// <param name="terminal">Where to ask.</param>
    /// <param name="isGiven">True when the command line says yes.</param>
    /// <param name="doing">What it is, as the start of a sentence.</param>
    /// <param name="question">The question.</param>
    /// <param name="refused">What a no means, as a sentence.</param>
    /// <exception cref="PbmException">The answer is no, or nobody can be asked.</exception>
    public static async Task RequireAsync(
        PbmTerminal terminal, bool isGiven, string doing, string question, string refused)
    {
        if (isGiven) return;
        if (!terminal.IsInteractive)
            throw new PbmException(ExitCode.Usage, $"{doing} needs --yes where nobody can be asked.");
        if (!await Question.ConfirmAsync(terminal, question)) throw new PbmException(ExitCode.Refused, refused);
    }
}
