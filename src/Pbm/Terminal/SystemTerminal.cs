using System.Text;

namespace Platform.Pbm.Terminal;

/// <summary>The terminal, environment and folder of this process.</summary>
internal sealed class SystemTerminal : PbmTerminal, IDisposable
{
    private const int FallbackWidth = 80;

    private SystemTerminal()
    {
        Console.CancelKeyPress += OnCancelKeyPress;
    }

    public static SystemTerminal Open()
    {
        if (!Console.IsOutputRedirected) Console.OutputEncoding = new UTF8Encoding(false);
        var isOutputTerminal = !Console.IsOutputRedirected;
        return new SystemTerminal
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            Keys = Console.IsInputRedirected ? null : new SystemKeys(),
            IsOutputTerminal = isOutputTerminal,
            Width = isOutputTerminal ? WindowWidth : () => PipeWidth,
            Environment = System.Environment.GetEnvironmentVariable,
            WorkingDirectory = Directory.GetCurrentDirectory(),
        };
    }

    public void Dispose() => Console.CancelKeyPress -= OnCancelKeyPress;

    // Some terminals (pseudo-terminals of build servers, editors) report no width at all.
    private static int WindowWidth() => Console.WindowWidth > 0 ? Console.WindowWidth : FallbackWidth;

    private void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs pressed)
    {
        pressed.Cancel = true;
        OnInterrupted();
    }
}
