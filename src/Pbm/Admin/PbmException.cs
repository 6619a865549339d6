namespace Platform.Pbm.Admin;

/// <summary>A command that ends without success, in words for the person who typed it.</summary>
internal sealed class PbmException(int exitCode, string message, params IReadOnlyList<string> details)
    : Exception(message)
{
    /// <summary>One of <see cref="Admin.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Lines below the message: field errors, places, what to try.</summary>
    public IReadOnlyList<string> Details { get; } = details;

    /// <summary>The server's own error document, for <c>--json</c>; null when there is none.</summary>
    public byte[]? Json { get; init; }
}
