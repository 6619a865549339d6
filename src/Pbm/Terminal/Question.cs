using System.Text;

namespace Platform.Pbm.Terminal;

/// <summary>
/// Questions to the person at an interactive terminal, asked on the error stream so that output stays clean.
/// </summary>
internal static class Question
{
    /// <summary>Asks for yes or no; anything but a yes is a no.</summary>
    public static async Task<bool> ConfirmAsync(PbmTerminal terminal, string question)
    {
        var answer = await AskAsync(terminal, $"{question} [y/N] ", isSecret: false);
        return answer.Trim() is "y" or "Y" or "yes" or "Yes" or "YES";
    }

    /// <summary>Asks for one line; a secret is not echoed.</summary>
    /// <exception cref="OperationCanceledException">Ctrl-C or Ctrl-D was pressed.</exception>
    public static Task<string> AskAsync(PbmTerminal terminal, string question, bool isSecret)
    {
        var keys = terminal.Keys ?? throw new InvalidOperationException("There is nobody to ask.");
        // Reading a key blocks, so it has a thread of its own.
        return Task.Factory.StartNew(
            () => Read(keys, terminal.Error, question, isSecret),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private static string Read(IKeySource keys, TextWriter echo, string question, bool isSecret)
    {
        var line = new StringBuilder();
        echo.Write(question);
        while (true)
        {
            var key = keys.ReadKey();
            var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            if (isControl && key.Key is ConsoleKey.C or ConsoleKey.D)
            {
                echo.WriteLine();
                throw new OperationCanceledException("The question was not answered.");
            }

            if (key.Key == ConsoleKey.Enter)
            {
                echo.WriteLine();
                return line.ToString();
            }

            if (key.Key == ConsoleKey.Backspace && line.Length > 0)
            {
                line.Length--;
                if (!isSecret) echo.Write("\b \b");
            }
            else if (!char.IsControl(key.KeyChar))
            {
                line.Append(key.KeyChar);
                if (!isSecret) echo.Write(key.KeyChar);
            }
        }
    }
}
