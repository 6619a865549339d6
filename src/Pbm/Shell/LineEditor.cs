using Platform.Pbm.Terminal;

namespace Platform.Pbm.Shell;

/// <summary>
/// Edits one line with the keys of readline: arrows, Home, End, Ctrl-A/E/B/F/K/U/W/L/P/N, history, Ctrl-R for a search in
/// it, Tab. A line that is wider than the terminal scrolls sideways, so that it always takes one row.
/// </summary>
internal sealed class LineEditor(
    IKeySource keys,
    TextWriter output,
    Func<int> width,
    ShellHistory history,
    Func<string, IReadOnlyList<string>> complete)
{
    // ECMA-48 control sequences: erase to the end of the line; erase the display and go to its start.
    private const string EraseLine = "\e[K";
    private const string EraseDisplay = "\e[2J\e[H";

    private readonly EditBuffer _buffer = new();
    private string _prompt = "";

    // The history line that is shown; history.Count stands for the line that is being written.
    private int _position;
    private string _unfinished = "";

    /// <summary>Reads a line; null when the input ends (Ctrl-D on an empty line). Blocks.</summary>
    public string? ReadLine(string prompt)
    {
        _prompt = prompt;
        _buffer.Replace("");
        _position = history.Count;
        _unfinished = "";
        while (true)
        {
            Draw();
            var key = keys.ReadKey();
            if (IsControl(key, ConsoleKey.R)) key = Search();
            if (key.Key == ConsoleKey.Enter || key.KeyChar is '\n' or '\r') return End(_buffer.Text);
            if (IsControl(key, ConsoleKey.D) && _buffer.Text.Length == 0) return End(null);
            if (IsControl(key, ConsoleKey.C)) return End("");
            Apply(key);
        }
    }

    /// <summary>
    /// Shows the newest line of the history that holds what is typed; Ctrl-R goes on to older ones, Escape and Ctrl-G give
    /// up. Returns the key that ended it, which is for the line that was found.
    /// </summary>
    private ConsoleKeyInfo Search()
    {
        var (prompt, line, query) = (_prompt, _buffer.Text, "");
        try
        {
            while (true)
            {
                _prompt = $"search '{query}': ";
                Draw();
                var key = keys.ReadKey();
                if (IsControl(key, ConsoleKey.R)) Find(query, _position);
                else if (key.Key == ConsoleKey.Escape || IsControl(key, ConsoleKey.G))
                {
                    _position = history.Count;
                    _buffer.Replace(line);
                    return default;
                }
                else if (key.Key == ConsoleKey.Backspace)
                {
                    _position = history.Count;
                    Find(query = query.Length > 0 ? query[..^1] : "", _position);
                }
                else if (!key.Modifiers.HasFlag(ConsoleModifiers.Control) && !char.IsControl(key.KeyChar))
                    Find(query += key.KeyChar, Math.Min(_position + 1, history.Count));
                else return key;
            }
        }
        finally
        {
            _prompt = prompt;
        }
    }

    /// <summary>Takes the newest line before a position that holds the text; without one all stays.</summary>
    private void Find(string text, int before)
    {
        for (var position = before - 1; position >= 0 && text.Length > 0; position--)
        {
            if (!history[position].Contains(text, StringComparison.OrdinalIgnoreCase)) continue;
            _position = position;
            _buffer.Replace(history[position]);
            return;
        }
    }

    private string? End(string? line)
    {
        output.WriteLine();
        return line;
    }

    private void Apply(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control)) ApplyControl(key.Key);
        else if (!ApplyNamed(key.Key) && !char.IsControl(key.KeyChar)) _buffer.Insert(key.KeyChar.ToString());
    }

    private bool ApplyNamed(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.LeftArrow: _buffer.Move(_buffer.Cursor - 1); return true;
            case ConsoleKey.RightArrow: _buffer.Move(_buffer.Cursor + 1); return true;
            case ConsoleKey.Home: _buffer.Move(0); return true;
            case ConsoleKey.End: _buffer.MoveToEnd(); return true;
            case ConsoleKey.Backspace: _buffer.DeleteBefore(); return true;
            case ConsoleKey.Delete: _buffer.DeleteAt(); return true;
            case ConsoleKey.UpArrow: Recall(-1); return true;
            case ConsoleKey.DownArrow: Recall(+1); return true;
            case ConsoleKey.Escape: _buffer.Replace(""); return true;
            case ConsoleKey.Tab: Complete(); return true;
            default: return false;
        }
    }

    private void ApplyControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A: _buffer.Move(0); break;
            case ConsoleKey.E: _buffer.MoveToEnd(); break;
            case ConsoleKey.B: _buffer.Move(_buffer.Cursor - 1); break;
            case ConsoleKey.F: _buffer.Move(_buffer.Cursor + 1); break;
            case ConsoleKey.D: _buffer.DeleteAt(); break;
            case ConsoleKey.H: _buffer.DeleteBefore(); break;
            case ConsoleKey.K: _buffer.DeleteToEnd(); break;
            case ConsoleKey.U: _buffer.DeleteToStart(); break;
            case ConsoleKey.W or ConsoleKey.Backspace: _buffer.DeleteWordBefore(); break;
            case ConsoleKey.LeftArrow: _buffer.Move(_buffer.WordStart()); break;
            case ConsoleKey.RightArrow: _buffer.Move(_buffer.WordEnd()); break;
            case ConsoleKey.P: Recall(-1); break;
            case ConsoleKey.N: Recall(+1); break;
            case ConsoleKey.L: output.Write(EraseDisplay); break;
            default: break;
        }
    }

    private void Recall(int step)
    {
        var position = _position + step;
        if (position < 0 || position > history.Count) return;
        if (_position == history.Count) _unfinished = _buffer.Text;
        _position = position;
        _buffer.Replace(position == history.Count ? _unfinished : history[position]);
    }

    // One candidate is taken; of several the common beginning, and if that adds nothing they are listed.
    private void Complete()
    {
        var line = _buffer.BeforeCursor;
        var typed = line.Length - (line.LastIndexOf(' ') + 1);
        var candidates = complete(line);
        if (candidates.Count == 0) return;
        if (candidates.Count == 1)
        {
            _buffer.Insert(candidates[0][typed..] + " ");
            return;
        }

        var common = CommonStart(candidates);
        if (common > typed)
        {
            _buffer.Insert(candidates[0][typed..common]);
            return;
        }

        output.WriteLine();
        output.WriteLine(string.Join("  ", candidates));
    }

    private static int CommonStart(IReadOnlyList<string> words)
    {
        var length = words[0].Length;
        foreach (var word in words) length = word.AsSpan().CommonPrefixLength(words[0].AsSpan(0, length));
        return length;
    }

    private void Draw()
    {
        var text = _buffer.Text;
        // One column stays free: a cursor behind the last one would make the terminal wrap.
        var room = Math.Max(width() - _prompt.Length - 1, 1);
        var first = Math.Max(0, _buffer.Cursor - room);
        var shown = text.AsSpan(first, Math.Min(room, text.Length - first));
        var column = _prompt.Length + _buffer.Cursor - first;
        output.Write($"\r{_prompt}{shown}{EraseLine}\r{(column > 0 ? $"\e[{column}C" : "")}");
        output.Flush();
    }

    private static bool IsControl(ConsoleKeyInfo key, ConsoleKey expected) =>
        key.Key == expected && key.Modifiers.HasFlag(ConsoleModifiers.Control);
}
