using Platform.Pbm.Invocation;
using Platform.Pbm.Terminal;

namespace Platform.Pbm.Tests;

/// <summary>Runs <c>pbm</c> in this process, in a folder of its own, with its output captured.</summary>
internal sealed class PbmRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pbm-");

    public string Folder => _folder.FullName;

    public Dictionary<string, string> Environment { get; } = [];

    public string Input { get; init; } = "";

    /// <summary>Keys of somebody at a terminal; null runs without one.</summary>
    public IEnumerable<ConsoleKeyInfo>? Keys { get; init; }

    public int Width { get; init; } = 100;

    public string Output { get; private set; } = "";

    public string Errors { get; private set; } = "";

    /// <summary>Runs one command against <paramref name="server"/>.</summary>
    public Task<int> RunAsync(AdminServer server, params string[] args) =>
        RunAsync(["--server", server.Address.ToString(), .. args]);

    public async Task<int> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var terminal = new PbmTerminal
        {
            Out = output,
            Error = errors,
            In = new StringReader(Input),
            Keys = Keys is null ? null : new ScriptedKeys(Keys),
            IsOutputTerminal = Keys is not null,
            Width = () => Keys is null ? PbmTerminal.PipeWidth : Width,
            Environment = name => Environment.GetValueOrDefault(name),
            WorkingDirectory = Folder,
        };
        var exitCode = await PbmApplication.RunAsync(args, terminal);
        Output = output.ToString();
        Errors = errors.ToString();
        return exitCode;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
