using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Tests.Hosting;

/// <summary>A shard host over a real folder store; can be stopped and started again on the same data.</summary>
internal sealed class ShardHostFixture : IAsyncDisposable, ITenantDirectory, IShardOwnership
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder? _sharedFolder;
    private readonly ConcurrentDictionary<TenantId, TenantDescriptor> _tenants;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Func<IObjectStore, IObjectStore> _wrap;
    private readonly Func<ShardHostOptions, ShardHostOptions> _configure;
    private readonly bool _isMeasured;
    private long _epoch;

    public ShardHostFixture(
        Func<ShardHostOptions, ShardHostOptions>? configure = null, Func<IObjectStore, IObjectStore>? wrap = null,
        bool isMeasured = false)
        : this(configure, wrap, predecessor: null, isMeasured)
    {
    }

    private ShardHostFixture(
        Func<ShardHostOptions, ShardHostOptions>? configure, Func<IObjectStore, IObjectStore>? wrap,
        ShardHostFixture? predecessor, bool isMeasured)
    {
        _isMeasured = isMeasured;
        _sharedFolder = predecessor?._folder;
        _tenants = predecessor?._tenants ?? new();
        _epoch = predecessor is null ? 1 : predecessor._epoch + 1;
        _configure = configure ?? (static options => options);
        _wrap = wrap ?? (static store => store);
        Host = Start();
    }

    public ShardHost Host { get; private set; }

    /// <summary>False: this node may have been taken for lost.</summary>
    public bool IsServing { get; set; } = true;

    /// <summary>What meters of this fixture have as their scope.</summary>
    public object MeterScope => _services.GetRequiredService<IMeterFactory>();

    public string CachePath => _folder.File("cache");

    public string ObjectsPath => (_sharedFolder ?? _folder).File("objects");

    public static TenantId Id(string name) => TenantId.Parse(name);

    public TenantDescriptor? Find(TenantId tenant) => _tenants.GetValueOrDefault(tenant);

    public ValueTask<long?> FindEpochAsync(TenantId tenant, CancellationToken cancellationToken) => new(_epoch);

    /// <summary>As when the tenants went to another node and came back.</summary>
    public void RaiseEpoch() => _epoch++;

    public TenantId Add(string name, Durability durability = Durability.Replicated, long? storageBytesMax = null)
    {
        var id = Id(name);
        _tenants[id] = new TenantDescriptor
        {
            Id = id,
            Durability = durability,
            Quotas = new TenantQuotas(storageBytesMax),
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
        };
        return id;
    }

    /// <summary>Runs with the tenant's shard entered.</summary>
    public async Task<T> WithAsync<T>(TenantId tenant, Func<Shard, Task<T>> use)
    {
        var entry = await Host.EnterAsync(tenant, default);
        try
        {
            return await use(entry.Opened!);
        }
        finally
        {
            entry.Opened!.Leave();
        }
    }

    public Task ExecuteAsync(TenantId tenant, string sql) =>
        WithAsync(tenant, shard => shard.WriteAsync(new SqlCommand(sql), default).AsTask());

    public Task<long> ScalarAsync(TenantId tenant, string sql) =>
        WithAsync(tenant, shard => shard.ReadAsync(
            sql,
            static (scope, text) =>
            {
                using var statement = scope.Connection.Prepare(text);
                statement.Step();
                return statement.Int64(0);
            },
            default).AsTask());

    /// <summary>Another node on the same object storage that takes over under a higher epoch.</summary>
    public ShardHostFixture StartSuccessor() => new(_configure, wrap: null, predecessor: this, isMeasured: false);

    /// <summary>Stops the host cleanly and starts another on the same data.</summary>
    public async Task RestartAsync(bool deleteCache = false)
    {
        await Host.DisposeAsync();
        if (deleteCache && Directory.Exists(CachePath)) Directory.Delete(CachePath, recursive: true);
        _epoch++;
        Host = Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    private ShardHost Start()
    {
        var options = _configure(new ShardHostOptions { CachePath = CachePath, NodeId = $"node-{_epoch}" });
        var meters = _services.GetRequiredService<IMeterFactory>();
        return new ShardHost(
            _wrap(new FolderObjectStore(ObjectsPath)), this, this, options, new ShardMetrics(meters), TimeProvider.System,
            NullLoggerFactory.Instance, _isMeasured ? new ReplicationMetrics(meters) : null);
    }

    /// <summary>Runs SQL in the mailbox.</summary>
    internal sealed class SqlCommand(string sql) : WriteCommand<bool>
    {
        public override bool Execute(WriteScope scope)
        {
            scope.Connection.Execute(sql);
            return true;
        }
    }
}
