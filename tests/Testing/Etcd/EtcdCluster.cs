using System.Globalization;
using Platform.Testing.Processes;

namespace Platform.Testing.Etcd;

/// <summary>
/// A real etcd cluster on the loopback, by <c>tests/tools/etcd-cluster</c>, which installs Debian's etcd when it is
/// missing. Ends with <see cref="DisposeAsync"/>, or with the process.
/// </summary>
public sealed class EtcdCluster : IAsyncDisposable
{
    /// <summary>Installing on a slow machine is the long case.</summary>
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(5);

    private readonly TempFolder _folder = new();
    private readonly EtcdClusterOptions _options;

    private EtcdCluster(EtcdClusterOptions options) => _options = options;

    /// <summary>The URL of each member.</summary>
    public IReadOnlyList<Uri> Endpoints { get; private set; } = [];

    /// <summary>Starts one and waits until all members are healthy.</summary>
    public static async Task<EtcdCluster> StartAsync(EtcdClusterOptions? options = null)
    {
        var cluster = new EtcdCluster(options ?? new EtcdClusterOptions());
        try
        {
            await cluster.StartOnFreePortsAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The number of the leader, from 1.</summary>
    public async Task<int> FindLeaderAsync() => int.Parse(await RunAsync("leader"), CultureInfo.InvariantCulture);

    /// <summary>SIGKILL.</summary>
    public Task KillAsync(int member) => RunAsync("kill", Number(member));

    /// <summary>SIGSTOP: connections stay open and mute.</summary>
    public Task PauseAsync(int member) => RunAsync("pause", Number(member));

    /// <summary>Ends a pause.</summary>
    public Task ResumeAsync(int member) => RunAsync("resume", Number(member));

    /// <summary>Starts a member on the data that it has, unfreezing and ending it before if it runs.</summary>
    public Task RestartAsync(int member) => RunAsync("restart", Number(member));

    /// <summary>Runs etcdctl against the first member that answers.</summary>
    public async Task<string> ControlAsync(params string[] arguments)
    {
        var tls = _options.TlsFolder is { } folder
            ? new[]
            {
                "--cacert", Path.Combine(folder, "ca.pem"), "--cert", Path.Combine(folder, "client.pem"),
                "--key", Path.Combine(folder, "client-key.pem"),
            }
            : [];
        var endpoints = string.Join(',', Endpoints.Select(endpoint => endpoint.GetLeftPart(UriPartial.Authority)));
        return await RunProcessAsync("etcdctl", ["--endpoints", endpoints, .. tls, .. arguments]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("destroy");
        _folder.Dispose();
    }

    private async Task StartOnFreePortsAsync()
    {
        // Below the range from which the kernel gives ports to connections; another test run may have taken some.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var port = 20_000 + new Random().Next(1_400) * 8;
                var answer = await RunProcessAsync("bash",
                [
                    Script, "start", Number(_options.Members), _folder["etcd"], Number(port),
                ]);
                Endpoints = [.. answer.Trim().Split('=', 2)[1].Split(',').Select(endpoint => new Uri(endpoint))];
                return;
            }
            catch (InvalidOperationException taken) when (
                attempt < 20 && taken.Message.Contains("is taken", StringComparison.Ordinal))
            {
                await RunAsync("destroy");
            }
        }
    }

    private static string Script => RepositoryFolder.Path("tests/tools/etcd-cluster");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private Task<string> RunAsync(string command, params string[] arguments) =>
        RunProcessAsync("bash", [Script, command, .. arguments, _folder["etcd"]]);

    private Task<string> RunProcessAsync(string program, IReadOnlyList<string> arguments) => Command.OutputAsync(
        program, arguments,
        new Dictionary<string, string>
        {
            ["EC_HEARTBEAT_MS"] = "50",
            ["EC_ELECTION_MS"] = "500",
            ["EC_TLS_DIR"] = _options.TlsFolder ?? "",
            ["EC_EXTRA_ARGS"] = _options.ExtraArguments,
            ["EC_OWNER_PID"] = Number(Environment.ProcessId),
            ["ETCDCTL_API"] = "3",
        },
        CommandTimeout);
}
