using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Shards;

namespace Platform.Commit.Bench;

/// <summary>A node's shards on a store, each tenant named after its durability.</summary>
internal sealed class BenchNode : ITenantDirectory, IShardOwnership, IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ShardHost _host;

    public BenchNode(IObjectStore store, string cachePath, long epoch, int activeMax = 200, long memoryBytes = 1L << 30,
        TimeSpan? groupWaitMax = null)
    {
        Epoch = epoch;
        _host = new ShardHost(
            store,
            this,
            this,
            new ShardHostOptions
            {
                CachePath = cachePath,
                NodeId = "bench",
                ActiveMax = activeMax,
                AwakeMax = OpenFileLimit.Read().AwakeMax,
                MemoryBudgetBytes = memoryBytes,
                GroupWaitMax = groupWaitMax ?? new ShardHostOptions { CachePath = cachePath, NodeId = "bench" }.GroupWaitMax,
            },
            new ShardMetrics(_services.GetRequiredService<IMeterFactory>()),
            TimeProvider.System,
            NullLoggerFactory.Instance);
    }

    public int Active => _host.Status.Active;

    private long Epoch { get; }

    public TenantDescriptor Find(TenantId tenant) => new()
    {
        Id = tenant,
        Durability = tenant.ToString().StartsWith("local", StringComparison.Ordinal)
            ? Durability.Local
            : Durability.Replicated,
        Quotas = new TenantQuotas(null),
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
    };

    public ValueTask<long?> FindEpochAsync(TenantId tenant, CancellationToken cancellationToken) => new(Epoch);

    public async Task WriteAsync(TenantId tenant, string sql)
    {
        var entry = await _host.EnterAsync(tenant, CancellationToken.None);
        try
        {
            await entry.Opened!.WriteAsync(new InsertCommand(sql), CancellationToken.None);
        }
        finally
        {
            entry.Opened!.Leave();
        }
    }

    public async Task OpenAsync(TenantId tenant) =>
        (await _host.EnterAsync(tenant, CancellationToken.None)).Opened!.Leave();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _services.DisposeAsync();
    }
}
