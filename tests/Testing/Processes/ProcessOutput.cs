using System.Diagnostics;

namespace Platform.Testing.Processes;

/// <summary>What a process wrote, both streams in the order of arrival; the oldest lines go when there are too many.</summary>
internal sealed class ProcessOutput
{
    private const int LinesMax = 2000;

    private readonly Queue<string> _lines = new();
    private readonly object _gate = new();
    private Action<string>? _watcher;

    public override string ToString()
    {
        lock (_gate) return string.Join('\n', _lines);
    }

    /// <summary>Starts to read both streams; only once for a process.</summary>
    public void Attach(Process process)
    {
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Calls <paramref name="watcher"/> with all lines so far, and with each line to come.</summary>
    public void Watch(Action<string> watcher)
    {
        lock (_gate)
        {
            foreach (var line in _lines) watcher(line);
            _watcher = watcher;
        }
    }

    private void Add(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            if (_lines.Count == LinesMax) _lines.Dequeue();
            _lines.Enqueue(line);
            _watcher?.Invoke(line);
        }
    }
}
