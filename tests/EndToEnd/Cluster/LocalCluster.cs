using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>A real cluster by <c>docker/local-cluster</c>: three etcd, two control planes, three nodes, two gateways.</summary>
public sealed class LocalCluster : IAsyncLifetime
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(5);

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HttpClient _http = LoopbackHttp.Create(new Uri("http://127.0.0.1/"));

    /// <summary>The processes by name, with the URLs of their listeners.</summary>
    public Dictionary<string, (Uri Public, Uri Internal)> Processes { get; } = new(StringComparer.Ordinal);

    public string AdminToken => _values["ADMIN_TOKEN"];

    public IEnumerable<string> Nodes => Processes.Keys.Where(name => name.StartsWith("node", StringComparison.Ordinal));

    public IEnumerable<string> Gateways => Processes.Keys.Where(name => name.StartsWith("gw", StringComparison.Ordinal));

    public async Task InitializeAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var port = 20_000 + new Random().Next(280) * 40;
                Read(await RunAsync("start", port));
                return;
            }
            catch (InvalidOperationException taken) when (attempt < 20 && taken.Message.Contains("is taken"))
            {
                await RunAsync("destroy");
            }
        }
    }

    public async Task DisposeAsync()
    {
        await RunAsync("destroy");
        _http.Dispose();
        _folder.Dispose();
    }

    public Task KillAsync(string name) => RunAsync("kill", name);

    public Task PauseAsync(string name) => RunAsync("pause", name);

    public Task ResumeAsync(string name) => RunAsync("resume", name);

    /// <summary>A new, empty etcd in the place of the old one. The processes have to be restarted.</summary>
    public Task LoseEtcdAsync() => RunAsync("lose-etcd");

    /// <param name="name">The process.</param>
    /// <param name="platform">Its program from now on, until the next restart; null: this build's.</param>
    /// <param name="environment">What is added to its environment: <c>NAME=VALUE</c>, between blanks.</param>
    public Task RestartAsync(string name, string? platform = null, string environment = "") => RunAsync(
        "restart", name, new() { ["LC_PLATFORM"] = platform ?? BuiltProgram.Platform, ["LC_WITH"] = environment });

    /// <summary>The end of what a process wrote.</summary>
    public string LogOf(string name) => File.ReadAllText(Path.Combine(_folder["cluster"], name, "log"));

    /// <summary>Asks the admin API of a control plane.</summary>
    public async Task<(int Status, JsonElement Body)> AdminAsync(
        string method, string path, object? body = null, string process = "cp1")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Processes[process].Public, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        return await SendAsync(request, body);
    }

    /// <summary>Asks a node for a tenant, as a gateway does.</summary>
    public async Task<(int Status, JsonElement Body)> TenantAsync(
        string node, string tenant, string method, string path, object? body = null, string? token = null,
        string? secret = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Processes[node].Internal, path));
        request.Headers.Add("X-Platform-Tenant", tenant);
        request.Headers.Add("X-Platform-Secret", secret ?? _values["CLUSTER_SECRET"]);
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", token);
        return await SendAsync(request, body);
    }

    /// <summary>Asks for a tenant as a client does, at the gateway.</summary>
    public async Task<(int Status, JsonElement Body)> ClientAsync(
        string tenant, string method, string path, object? body = null, string? token = null, string gateway = "gw1")
    {
        using var request = ForTenant(tenant, method, new Uri(Processes[gateway].Public, path), token);
        return await SendAsync(request, body);
    }

    /// <summary>As a client behind a load balancer does.</summary>
    internal static async Task<(int Status, JsonElement Body)> ClientAsync(
        BalancedGateways gateways, string tenant, string method, string path, object? body, string? token)
    {
        using var answer = await gateways.SendAsync(async http =>
        {
            using var request = ForTenant(tenant, method, new Uri(http.BaseAddress!, path), token);
            if (body is not null) request.Content = JsonOf(body);
            return await http.SendAsync(request);
        });
        return await ReadAsync(answer);
    }

    /// <summary>Asks for the owner, as a gateway does; null: there is none now.</summary>
    public async Task<string?> AssignAsync(string tenant)
    {
        foreach (var process in Processes.Keys.Where(name => name.StartsWith("cp", StringComparison.Ordinal)))
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Post, new Uri(Processes[process].Internal, "internal/assign"));
            request.Headers.Add("X-Platform-Secret", _values["CLUSTER_SECRET"]);
            var (status, answer) = await SendAsync(request, new { tenant });
            if (status == 200) return answer.GetProperty("node").GetString();
        }

        return null;
    }

    public async Task<string?> OwnerOfAsync(string tenant) =>
        (await AdminAsync("GET", $"api/cp/tenants/{tenant}")).Body.GetProperty("node").GetString();

    /// <summary>How often a process, or one of them, was taken for dead before its lease had ended.</summary>
    public async Task<int> DeathsAsync(string? process = null, string control = "cp1")
    {
        var about = process is null ? "" : $"&node={process}";
        var (status, body) = await AdminAsync(
            "GET", $"api/cp/events?kinds=node.dead,coordinator.dead&limit=1000{about}", process: control);
        Assert.True(status == 200, $"{status}: {body}");
        return body.GetProperty("items").GetArrayLength();
    }

    public async Task<string> NodeStatusAsync(string node) =>
        (await AdminAsync("GET", $"api/cp/nodes/{node}")).Body.GetProperty("status").GetString()!;

    private static HttpRequestMessage ForTenant(string tenant, string method, Uri url, string? token)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), url);
        request.Headers.Host = $"{tenant}.localhost";
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", token);
        return request;
    }

    private static StringContent JsonOf(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    private async Task<(int Status, JsonElement Body)> SendAsync(HttpRequestMessage request, object? body)
    {
        if (body is not null) request.Content = JsonOf(body);
        using var answer = await _http.SendAsync(request);
        return await ReadAsync(answer);
    }

    private static async Task<(int Status, JsonElement Body)> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    private void Read(string answer)
    {
        foreach (var line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = (line[..line.IndexOf('=')], line[(line.IndexOf('=') + 1)..]);
            _values[key] = value;
            if (value.Split(" internal=") is [var open, var inside]) Processes[key] = (new Uri(open), new Uri(inside));
        }
    }

    private Task<string> RunAsync(
        string command, object? argument = null, Dictionary<string, string>? settings = null) => Command.OutputAsync(
        "bash",
        [
            RepositoryFolder.Path("docker/local-cluster"), command, .. argument is string name ? [name] : Array.Empty<string>(),
            _folder["cluster"],
        ],
        new Dictionary<string, string>(settings ?? [])
        {
            ["LC_PORT"] = Convert.ToString(argument, CultureInfo.InvariantCulture) ?? "",
            ["LC_OWNER_PID"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
            ["LC_PLATFORM"] = settings?.GetValueOrDefault("LC_PLATFORM") ?? BuiltProgram.Platform,
            ["LC_GATEWAYS"] = "2",
            ["EC_HEARTBEAT_MS"] = "50",
            ["EC_ELECTION_MS"] = "500",
        },
        CommandTimeout);
}
