using System.CommandLine;
using System.Text.Json.Nodes;
using Platform.Pbm.Admin;
using Platform.Pbm.Terminal;

namespace Platform.Pbm.Tenants;

/// <summary>
/// The first superuser of a new tenant. Its password comes from standard input, from a question, or, visible to other
/// users of the machine and in the shell's history, from the command line.
/// </summary>
internal sealed class SuperuserOptions
{
    public Option<string?> Email { get; } = new("--superuser-email")
    {
        Description = "E-mail of the tenant's first superuser; the password is asked for on a terminal.",
        HelpName = "EMAIL",
    };

    public Option<string?> Password { get; } = new("--superuser-password")
    {
        Description = "Its password. Other users of this machine can see it: prefer the next option.",
        HelpName = "PASSWORD",
    };

    public Option<bool> PasswordFromInput { get; } = new("--superuser-password-stdin")
    {
        Description = "Read its password from the first line of standard input.",
    };

    /// <summary>The superuser to send, or null when none was asked for.</summary>
    public async Task<JsonObject?> ReadAsync(
        ParseResult parsed, PbmTerminal terminal, CancellationToken cancellationToken)
    {
        var email = parsed.GetValue(Email);
        var password = parsed.GetValue(Password);
        var fromInput = parsed.GetValue(PasswordFromInput);
        if (email is null)
        {
            return password is null && !fromInput
                ? null
                : throw new PbmException(ExitCode.Usage, "A superuser's password needs --superuser-email too.");
        }

        if (password is not null && fromInput)
        {
            throw new PbmException(
                ExitCode.Usage, "Give one of --superuser-password and --superuser-password-stdin, not both.");
        }

        password ??= await ReadPasswordAsync(email, fromInput, terminal, cancellationToken);
        return password.Length > 0
            ? new JsonObject { ["email"] = email, ["password"] = password }
            : throw new PbmException(ExitCode.Usage, "The superuser's password is empty.");
    }

    private static async Task<string> ReadPasswordAsync(
        string email, bool fromInput, PbmTerminal terminal, CancellationToken cancellationToken)
    {
        if (fromInput) return await terminal.In.ReadLineAsync(cancellationToken) ?? "";
        if (terminal.IsInteractive) return await Question.AskAsync(terminal, $"Password of {email}: ", isSecret: true);
        throw new PbmException(
            ExitCode.Usage, "The superuser needs a password: pipe it in with --superuser-password-stdin.");
    }
}
