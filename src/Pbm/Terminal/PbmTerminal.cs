namespace Platform.Pbm.Terminal;

/// <summary>Everything of the outside that a command sees, except the network.</summary>
internal class PbmTerminal
{
    /// <summary>Wide enough that a line of a pipe never wraps, in columns.</summary>
    public const int PipeWidth = 10_000;

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>The keyboard, or null when the input is a file or a pipe.</summary>
    public IKeySource? Keys { get; init; }

    /// <summary>True when a person reads the output, so that it may have borders and colours.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>The width of the output in columns, asked anew each time because windows are resized.</summary>
    public Func<int> Width { get; init; } = () => PipeWidth;

    public required Func<string, string?> Environment { get; init; }

    public required string WorkingDirectory { get; init; }

    /// <summary>True when a question can be asked and will be seen.</summary>
    public bool IsInteractive => Keys is not null && IsOutputTerminal;

    /// <summary>Raised when the user presses Ctrl-C while a command runs.</summary>
    public event Action? Interrupted;

    protected void OnInterrupted() => Interrupted?.Invoke();
}
