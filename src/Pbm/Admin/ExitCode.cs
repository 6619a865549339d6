namespace Platform.Pbm.Admin;

/// <summary>What <c>pbm</c> tells the shell that called it; scripts rely on the numbers.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The server understood and refused, or failed.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>The server could not be reached.</summary>
    public const int Unreachable = 3;

    /// <summary>The server did not accept the token.</summary>
    public const int Unauthorized = 4;

    /// <summary>Interrupted by Ctrl-C: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
