using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Hosting.Recovery;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;
using Platform.Testing;

namespace Platform.Conformance.Tests.Contract;

/// <summary>
/// A node's tenants behind a real Kestrel. One tenant, the world, is built over the API from <c>world.yaml</c>; every
/// row that changes something gets a copy of it, so that rows know nothing of each other.
/// </summary>
public sealed class ContractServer : IAsyncLifetime, ITenantDirectory, IShardOwnership
{
    internal const string Name = "contract";

    private const string World = "world";
    private const string BootEmail = "boot@example.com";
    private const string BootPassword = "boot password";

    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<TenantId, TenantDescriptor> _tenants = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private FolderObjectStore _store = null!;
    private ShardMetrics _metrics = null!;
    private ShardHost _host = null!;
    private ShardBackend _backend = null!;
    private WebApplication _app = null!;
    private int _copies;

    internal Uri Url { get; private set; } = null!;

    /// <summary>Ids of the collections by their names.</summary>
    internal Dictionary<string, string> Collections { get; } = [];

    /// <summary>What the world's steps have kept of their answers.</summary>
    internal IReadOnlyDictionary<string, string> Kept { get; private set; } = new Dictionary<string, string>();

    /// <summary>The collection of each person of the world.</summary>
    internal Dictionary<string, string> People { get; private set; } = [];

    public async Task InitializeAsync()
    {
        _store = new FolderObjectStore(_folder["objects"]);
        _metrics = new ShardMetrics(_services.GetRequiredService<IMeterFactory>());
        StartHost();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(HandleAsync);
        await _app.StartAsync();
        Url = new Uri(_app.Urls.First());
        await BuildWorldAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await StopHostAsync();
        _metrics.Dispose();
        _store.Dispose();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    public TenantDescriptor? Find(TenantId tenant) => _tenants.GetValueOrDefault(tenant);

    public ValueTask<long?> FindEpochAsync(TenantId tenant, CancellationToken cancellationToken) => new(1);

    /// <summary>The world itself, for rows that only read.</summary>
    internal static string Shared => World;

    /// <summary>A tenant with everything that the world has.</summary>
    internal string Copy()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"row-{Interlocked.Increment(ref _copies)}");
        CopyFolder(_folder["pristine"], _folder[$"objects/tenants/{name}"]);
        Register(name);
        return name;
    }

    private static void CopyFolder(string source, string target)
    {
        foreach (var path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(source, path);
            if (relative.StartsWith("lease", StringComparison.Ordinal)) continue;
            var to = Path.Combine(target, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(path, to);
            File.SetLastWriteTimeUtc(to, File.GetLastWriteTimeUtc(path));
        }
    }

    private async Task BuildWorldAsync()
    {
        var world = YamlDocument.Read(Path.Combine(ContractRow.Folder, "world.yaml"));
        People = world["people"]!.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>());
        Register(World);
        await _backend.CreateSuperuserAsync(TenantId.Parse(World), BootEmail, BootPassword, default);
        await using var run = new RowRun(this, World, "world");
        await run.StepAsync(new JsonObject
        {
            ["as"] = "guest",
            ["post"] = "/api/collections/_superusers/auth-with-password",
            ["send"] = new JsonObject { ["identity"] = BootEmail, ["password"] = BootPassword },
            ["keep"] = new JsonObject { ["boot"] = "token" },
        });
        foreach (var step in world["setup"]!.AsArray())
        {
            var answer = await run.StepAsync(step!.AsObject());
            if (step["post"]?.GetValue<string>() == "/api/collections")
                Collections[answer.Json!["name"]!.GetValue<string>()] = answer.Json["id"]!.GetValue<string>();
        }

        Kept = run.Kept;
        // All of it is in object storage when the host has stopped.
        await StopHostAsync();
        CopyFolder(_folder[$"objects/tenants/{World}"], _folder["pristine"]);
        StartHost();
    }

    private void Register(string name)
    {
        var id = TenantId.Parse(name);
        _tenants[id] = new TenantDescriptor
        {
            Id = id,
            Durability = Durability.Local,
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
        };
    }

    private void StartHost()
    {
        var options = new ShardHostOptions { CachePath = _folder["cache"], NodeId = "node-1", ActiveMax = 12 };
        _host = new ShardHost(_store, this, this, options, _metrics, TimeProvider.System, NullLoggerFactory.Instance);
        var recovery = new TenantRecovery(
            _host, _store, _folder["scratch"], TimeProvider.System, NullLoggerFactory.Instance);
        _backend = new ShardBackend(
            _host, new TenantApiOptions(), TimeProvider.System, NullLoggerFactory.Instance, recovery);
    }

    private async Task StopHostAsync()
    {
        await _host.DisposeAsync();
        await _backend.DisposeAsync();
    }

    private Task HandleAsync(HttpContext context) =>
        _backend.HandleAsync(context, TenantId.Parse(context.Request.Host.Host.Split('.')[0]));
}
