using Platform.Pbm.Terminal;

namespace Platform.Pbm.Invocation;

/// <summary>One run of <c>pbm</c>: a single command, or a shell whose commands share its options.</summary>
/// <param name="Terminal">The outside.</param>
/// <param name="Server">From the command line that opened the shell; a command's own option goes before it.</param>
/// <param name="Token">As <paramref name="Server"/>.</param>
/// <param name="Json">As <paramref name="Server"/>.</param>
/// <param name="IsShell">True when the commands come from the shell.</param>
internal sealed record PbmSession(
    PbmTerminal Terminal, string? Server = null, string? Token = null, bool Json = false, bool IsShell = false)
{
    // A record's generated text would show the token.
    public override string ToString() => nameof(PbmSession);
}
