namespace Platform.Pbm.Terminal;

/// <summary>The keyboard of the process's terminal.</summary>
internal sealed class SystemKeys : IKeySource
{
    public ConsoleKeyInfo ReadKey()
    {
        // Only while a line is edited: during a command, Ctrl-C has to reach the process as a signal.
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }
}
