namespace Platform.Pbm.Shell;

/// <summary>
/// The lines of earlier commands, kept from one shell to the next; lines that hold a secret are not kept.
/// </summary>
internal sealed class ShellHistory
{
    private const int LinesMax = 500;

    private static readonly string[] SecretOptions = ["--token", "--superuser-password"];

    private readonly List<string> _lines = [];
    private readonly string? _path;

    private ShellHistory(string? path) => _path = path;

    public int Count => _lines.Count;

    public string this[int index] => _lines[index];

    /// <summary><c>PBM_HISTORY_FILE</c>, else a file in the user's state folder; null without a home.</summary>
    public static string? Place(Func<string, string?> environment)
    {
        if (environment("PBM_HISTORY_FILE") is { } chosen) return chosen.Length > 0 ? chosen : null;
        var state = environment("XDG_STATE_HOME");
        if (!string.IsNullOrEmpty(state)) return Path.Combine(state, "pbm", "history");
        var home = environment("HOME");
        return string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".local", "state", "pbm", "history");
    }

    /// <summary>Reads the history; one that cannot be read is empty, because a shell is of use without it.</summary>
    public static ShellHistory Load(string? path)
    {
        var history = new ShellHistory(path);
        try
        {
            if (path is not null && File.Exists(path)) history._lines.AddRange(File.ReadLines(path).TakeLast(LinesMax));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            history._lines.Clear();
        }

        return history;
    }

    /// <summary>
    /// Remembers a line, unless it repeats the last one or holds a secret, also when the shell does not end well.
    /// </summary>
    public void Add(string line)
    {
        var holdsSecret = SecretOptions.Any(option =>
            line.Contains(option + ' ', StringComparison.Ordinal)
            || line.Contains(option + '=', StringComparison.Ordinal)
            || line.Contains(option + ':', StringComparison.Ordinal));
        if (holdsSecret || (_lines.Count > 0 && _lines[^1] == line)) return;
        if (_lines.Count == LinesMax) _lines.RemoveAt(0);
        _lines.Add(line);
        Write(FileMode.Append, [line]);
    }

    /// <summary>Shortens what shells at the same time have written together.</summary>
    public void Trim()
    {
        try
        {
            if (_path is null || !File.Exists(_path)) return;
            var lines = File.ReadAllLines(_path);
            if (lines.Length > LinesMax) Write(FileMode.Create, lines.TakeLast(LinesMax));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing that the person at the terminal has to act on.
            _lines.Clear();
        }
    }

    /// <summary>A folder that cannot be written costs the next shell its history and nothing else.</summary>
    private void Write(FileMode mode, IEnumerable<string> lines)
    {
        if (_path is null) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
            var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var writer = new StreamWriter(_path, options);
            foreach (var line in lines) writer.WriteLine(line);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing that the person at the terminal has to act on; this shell has its lines in memory.
            return;
        }
    }
}
