using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Platform.Testing;
using Platform.Testing.ObjectStores;
using Platform.Testing.Processes;

namespace Platform.ClusterFaults.Tests.Clusters;

/// <summary>
/// A real cluster to do harm to: three etcd, a real S3 server, two control planes, three nodes and two gateways, each
/// process in a network of its own where the machine allows it.
/// </summary>
public sealed class FaultCluster : IAsyncLifetime
{
    /// <summary>Its data folder is a disk of its own, where the machine allows it.</summary>
    public const string NodeWithSmallDisk = "node3";

    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(3);
    private static readonly string Script = RepositoryFolder.Path("docker/local-cluster");
    private static readonly string EtcdScript = RepositoryFolder.Path("tests/tools/etcd-cluster");

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2) })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    private readonly HashSet<string> _frozen = new(StringComparer.Ordinal);

    /// <summary>From something: what they say of the cluster may be of before.</summary>
    private readonly HashSet<string> _cut = new(StringComparer.Ordinal);

    private string _set = "";
    private int _port = NewPort();

    /// <summary>The processes by name, with the URLs of their listeners.</summary>
    public Dictionary<string, (Uri Public, Uri Internal)> Processes { get; } = new(StringComparer.Ordinal);

    /// <summary>The object storage of all.</summary>
    public S3Server ObjectStore { get; private set; } = null!;

    public IReadOnlyList<string> Nodes => Named("node");

    public IReadOnlyList<string> Gateways => Named("gw");

    public IReadOnlyList<string> ControlPlanes => Named("cp");

    /// <summary>The lease of a node, in which the others notice that it is gone.</summary>
    public static TimeSpan LeaseTtl => TimeSpan.FromSeconds(3);

    private string Folder => _folder["cluster"];

    public async Task InitializeAsync()
    {
        string? host = null;
        if (NamespaceSupport.Problem is null)
        {
            var network = await RunAsync("network", Folder);
            host = network.Trim()["HOST_ADDRESS=".Length..];
        }

        ObjectStore = await S3Server.StartAsync(host);
        _set = string.Join(' ',
            "platform.object-store.kind=s3",
            $"platform.object-store.s3.endpoint={ObjectStore.Endpoint}",
            $"platform.object-store.s3.region={ObjectStore.Region}",
            $"platform.object-store.s3.bucket={await ObjectStore.CreateBucketAsync()}",
            "platform.tenant-node.write-deadline=5s",
            Environment.GetEnvironmentVariable("CLUSTER_FAULT_SET") ?? "");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Read(await RunAsync("start", Folder));
                return;
            }
            catch (InvalidOperationException taken)
                when (attempt < 20 && taken.Message.Contains("is taken", StringComparison.Ordinal))
            {
                _port = NewPort();
            }
        }
    }

    public async Task DisposeAsync()
    {
        KeepLogs();
        await RunAsync("destroy", Folder);
        if (ObjectStore is not null) await ObjectStore.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    public Task KillAsync(string name) => RunAsync("kill", name, Folder);

    public Task PauseAsync(string name)
    {
        _frozen.Add(name);
        return RunAsync("pause", name, Folder);
    }

    public Task ResumeAsync(string name)
    {
        _frozen.Remove(name);
        return RunAsync("resume", name, Folder);
    }

    /// <summary>Stops it cleanly if it runs, starts it, and waits until it is ready.</summary>
    public Task RestartAsync(string name) => RunAsync("restart", name, Folder);

    /// <summary>
    /// Drops packets between a process and a peer (etcd, s3, another process): both, in or out, as the process sees it.
    /// </summary>
    public Task CutAsync(string name, string peer, string way)
    {
        _cut.Add(name);
        return RunAsync("cut", name, peer, way, Folder);
    }

    /// <summary>
    /// Refuses the connections of a peer to a process, as if it were dead, and breaks those that are open at the peer's end.
    /// The process lives, and hears nothing of it.
    /// </summary>
    public Task RejectAsync(string name, string peer)
    {
        _cut.Add(name);
        return RunAsync("reject", name, peer, Folder);
    }

    public Task HealAsync(string name)
    {
        _cut.Remove(name);
        return RunAsync("heal", name, Folder);
    }

    /// <summary>Number of the etcd member that leads.</summary>
    public async Task<string> EtcdLeaderAsync() => (await EtcdAsync("leader")).Trim();

    /// <summary>Asks <c>tests/tools/etcd-cluster</c>: kill, restart, pause, resume of a member.</summary>
    public async Task<string> EtcdAsync(string command, params string[] arguments) => await RunScriptAsync(
        EtcdScript, [command, .. arguments, Path.Combine(Folder, "etcd")]);

    /// <summary>The folder of a process's data.</summary>
    public string DataOf(string name) => Path.Combine(Folder, name, "data");

    /// <summary>The last lines that a process wrote.</summary>
    public string LogOf(string name, int lines = 40)
    {
        using var reader = new StreamReader(new FileStream(
            Path.Combine(Folder, name, "log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return string.Join('\n', reader.ReadToEnd().Split('\n').TakeLast(lines));
    }

    /// <summary>Asks the admin API of the first control plane that answers and was not harmed.</summary>
    public async Task<(int Status, JsonElement Body)> AdminAsync(string method, string path, object? body = null)
    {
        foreach (var process in ControlPlanes.Where(name => !_frozen.Contains(name) && !_cut.Contains(name)))
        {
            try
            {
                return await AdminAtAsync(process, method, path, body);
            }
            catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException)
            {
                // The next one.
            }
        }

        return (0, default);
    }

    public async Task<(int Status, JsonElement Body)> AdminAtAsync(
        string process, string method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Processes[process].Public, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _values["ADMIN_TOKEN"]);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var answer = await _http.SendAsync(request, timeout.Token);
        var text = await answer.Content.ReadAsStringAsync(timeout.Token);
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    /// <summary>The node that owns a tenant now; null when nobody does, or nobody says.</summary>
    public async Task<string?> OwnerOfAsync(string tenant)
    {
        var (status, body) = await AdminAsync("GET", $"api/cp/tenants/{tenant}");
        return status == 200 ? body.GetProperty("node").GetString() : null;
    }

    /// <summary>The value of a process's metric without labels; null when it has none of the name.</summary>
    public async Task<string?> MetricOfAsync(string process, string name)
    {
        var text = await _http.GetStringAsync(new Uri(Processes[process].Internal, "metrics"));
        return text.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal))?[(name.Length + 1)..];
    }

    /// <summary>How often a process was taken for dead before its lease had ended, as far as is remembered.</summary>
    public async Task<int> DeathsOfAsync(string name)
    {
        var (status, body) = await AdminAsync("GET", $"api/cp/events?kinds=node.dead,coordinator.dead&node={name}&limit=1000");
        return status == 200 ? body.GetProperty("items").GetArrayLength() : 0;
    }

    /// <summary>The control plane in office; null when there is none now.</summary>
    public async Task<string?> CoordinatorAsync()
    {
        var (status, body) = await AdminAsync("GET", "api/cp/health");
        return status == 200 ? body.GetProperty("leader").GetString() : null;
    }

    public async Task<string?> StatusOfAsync(string node)
    {
        var (status, body) = await AdminAsync("GET", $"api/cp/nodes/{node}");
        return status == 200 ? body.GetProperty("status").GetString() : null;
    }

    /// <summary>Brings everything back: whatever a scenario left dead, frozen, cut off or cordoned.</summary>
    public async Task MakeWholeAsync()
    {
        await ObjectStore.RestartAsync();
        await EtcdAsync("start", "3");
        foreach (var name in _cut.ToList()) await HealAsync(name);
        foreach (var name in _frozen.ToList()) await ResumeAsync(name);

        Read(await RunAsync("start", Folder));
        foreach (var node in Nodes)
        {
            await Eventually.TrueAsync($"{node} is healthy", async () => await StatusOfAsync(node) == "healthy");
            await AdminAsync("POST", $"api/cp/nodes/{node}/uncordon");
        }
    }

    private void KeepLogs()
    {
        if (Environment.GetEnvironmentVariable("CLUSTER_FAULT_LOGS") is not { Length: > 0 } kept) return;
        Directory.CreateDirectory(kept);
        foreach (var name in Processes.Keys)
            File.Copy(Path.Combine(Folder, name, "log"), Path.Combine(kept, $"{name}.log"), overwrite: true);
    }

    private static int NewPort() => 20_000 + Random.Shared.Next(280) * 40;

    private List<string> Named(string kind) =>
        [.. Processes.Keys.Where(name => name.StartsWith(kind, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private void Read(string answer)
    {
        foreach (var line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = (line[..line.IndexOf('=')], line[(line.IndexOf('=') + 1)..]);
            _values[key] = value;
            if (value.Split(" internal=") is [var open, var inside]) Processes[key] = (new Uri(open), new Uri(inside));
        }
    }

    private Task<string> RunAsync(string command, params string[] arguments) =>
        RunScriptAsync(Script, [command, .. arguments]);

    private Task<string> RunScriptAsync(string script, string[] arguments) => Command.OutputAsync(
        "bash", [script, .. arguments],
        new Dictionary<string, string>
        {
            ["LC_PORT"] = _port.ToString(CultureInfo.InvariantCulture),
            ["LC_GATEWAYS"] = "2",
            ["LC_NET"] = NamespaceSupport.Problem is null ? "1" : "",
            ["LC_DISKS"] = NamespaceSupport.Problem is null ? $"{NodeWithSmallDisk}=96m" : "",
            ["LC_LEASE_TTL"] = $"{LeaseTtl.TotalSeconds}s",
            ["LC_SET"] = _set,
            ["LC_OWNER_PID"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
            ["LC_PLATFORM"] = BuiltProgram.Platform,
            ["EC_HEARTBEAT_MS"] = "50",
            ["EC_ELECTION_MS"] = "500",
            ["PLATFORM_OBJECT_STORE_S3_ACCESS_KEY"] = ObjectStore?.AccessKey ?? "",
            ["PLATFORM_OBJECT_STORE_S3_SECRET_KEY"] = ObjectStore?.SecretKey ?? "",
        },
        CommandTimeout);
}
