using System.Diagnostics;
using System.Globalization;

namespace Platform.Testing.Processes;

/// <summary>
/// The built platform as a process of its own, on a free port and with a data folder of its own. It can be stopped as
/// an operator stops it or killed as a power cut does, and started again on the same folder and port.
/// </summary>
public sealed class PlatformProcess : IAsyncDisposable
{
    /// <summary>Starting takes a second; a loaded machine may need many.</summary>
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    /// <summary>More than the platform's own shutdown timeout of 30 s.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(45);

    private readonly TempFolder _folder = new();
    private readonly PlatformSettings _settings;
    private RunningProcess? _running;
    private int _port;

    private PlatformProcess(PlatformSettings settings) => _settings = settings;

    /// <summary>Everything that it keeps.</summary>
    public string DataFolder => _folder["data"];

    /// <summary>Its object storage, when that is the folder of the default.</summary>
    public string ObjectsFolder => Path.Combine(DataFolder, "objects");

    /// <summary>For a host that is no tenant's: probes, metrics, admin API.</summary>
    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/"));

    /// <summary>The token that it made at its first start.</summary>
    public string AdminToken => File.ReadAllText(Path.Combine(DataFolder, "admin-token")).Trim();

    /// <summary>The end of what it wrote since it was last started.</summary>
    public string Output => _running?.Output.ToString() ?? "";

    /// <summary>While it runs; of a process that ended, its last.</summary>
    public int ProcessId => _running!.Id;

    /// <summary>Starts one and waits until it is ready.</summary>
    public static async Task<PlatformProcess> StartAsync(PlatformSettings? settings = null)
    {
        var platform = new PlatformProcess(settings ?? new PlatformSettings());
        try
        {
            await platform.StartAgainAsync();
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a tenant answers.</summary>
    public Uri TenantUrl(string tenant) =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://{tenant}.localhost:{_port}/"));

    /// <summary>Starts it after a stop or a kill, on the same folder and port.</summary>
    public async Task StartAgainAsync()
    {
        if (_running is not null) await _running.DisposeAsync();
        var arguments = new List<string>
        {
            "serve",
            "--set", $"platform.data-dir={DataFolder}",
            "--set", string.Create(CultureInfo.InvariantCulture, $"platform.http.listen=127.0.0.1:{_port}"),
        };
        foreach (var (key, value) in _settings.Values) arguments.AddRange(["--set", $"platform.{key}={value}"]);
        _running = RunningProcess.Start(Command.Describe(
            BuiltProgram.Platform, arguments, _settings.Environment, workingFolder: null));
        var banner = await _running.WaitForLineAsync(line => line.Contains("http://{tenant}."), ReadyTimeout);
        _port = int.Parse(banner[(banner.LastIndexOf(':') + 1)..].Trim(), CultureInfo.InvariantCulture);
        await WaitUntilReadyAsync();
    }

    /// <summary>Stops it by SIGTERM; returns its exit code.</summary>
    public Task<int> StopAsync() => _running!.StopAsync(StopTimeout);

    /// <summary>Ends it at once by SIGKILL.</summary>
    public Task KillAsync() => _running!.KillAsync();

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public void Terminate() => _running!.Terminate();

    /// <summary>Removes the local files of all tenants; only while it does not run.</summary>
    public void DeleteCache() => Directory.Delete(Path.Combine(DataFolder, "cache"), recursive: true);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_running is not null) await _running.DisposeAsync();
        _folder.Dispose();
    }

    private async Task WaitUntilReadyAsync()
    {
        using var client = LoopbackHttp.Create(Url);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await client.GetAsync("ready");
            if (answer.IsSuccessStatusCode) return;
            if (Stopwatch.GetElapsedTime(started) > ReadyTimeout)
                throw new TimeoutException($"The platform did not become ready.\n{Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
