using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.Ltx;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Hosting.Recovery;
using Platform.Testing.ObjectStores;

namespace Platform.TenantShard.Tests.Hosting.Recovery;

/// <summary>A shard host and its recovery, over a folder store that can fail.</summary>
internal sealed class RecoveryFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _scratch = new();

    public RecoveryFixture(Func<ShardHostOptions, ShardHostOptions>? configure = null)
    {
        Shards = new ShardHostFixture(configure, store => Store = new FaultyObjectStore(store));
        Recovery = NewRecovery();
    }

    public static CancellationToken None => CancellationToken.None;

    public ShardHostFixture Shards { get; }

    public FaultyObjectStore Store { get; private set; } = null!;

    public TenantRecovery Recovery { get; private set; }

    public string ScratchPath => _scratch.File("recovery");

    /// <summary>A tenant with a table.</summary>
    public async Task<TenantId> CreateTenantAsync(string name, Durability durability = Durability.Replicated)
    {
        var tenant = Shards.Add(name, durability);
        await Shards.ExecuteAsync(tenant, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        return tenant;
    }

    public async Task<Txid> InsertAsync(TenantId tenant, int id, int bytes = 10)
    {
        await Shards.ExecuteAsync(tenant, Invariant($"REPLACE INTO t VALUES ({id}, hex(randomblob({bytes})))"));
        return await NewestAsync(tenant);
    }

    /// <summary>A record of the collection <c>docs</c> with a file; returns its place below the storage.</summary>
    public async Task<string> AddFileAsync(TenantId tenant, string record, byte[] content)
    {
        var collection = await Shards.WithAsync(tenant, async shard =>
        {
            if (shard.Schema.FindByName("docs") is { } present) return present;
            var body = JsonDocument.Parse("""{"name":"docs","type":"base","fields":[{"type":"file","name":"one"}]}""");
            return await shard.WriteAsync(new CreateCollection(body.RootElement.Clone(), shard.Clock), None);
        });
        await Shards.ExecuteAsync(tenant, $"INSERT INTO docs (id, one) VALUES ('{record}', 'file.bin')");
        var key = $"{collection.Id}/{record}/file.bin";
        await Store.PutAsync($"tenants/{tenant}/storage/{key}", content, None);
        return key;
    }

    public async Task<Txid> NewestAsync(TenantId tenant) =>
        (await Recovery.ReadHistoryAsync(tenant, isSnapshotsOnly: false, skip: 0, take: 1, None)).Latest?.Txid ?? default;

    /// <summary>All rows as one text.</summary>
    public Task<string> ContentAsync(TenantId tenant) => Shards.WithAsync(tenant, shard => shard.ReadAsync(
        0, static (scope, _) => Content(scope.Connection), default).AsTask());

    public static string Content(DatabaseConnection connection)
    {
        using var statement = connection.Prepare(
            "SELECT count(*) || ' ' || coalesce(group_concat(id || '=' || v), '') FROM (SELECT * FROM t ORDER BY id)");
        statement.Step();
        return statement.Text(0);
    }

    /// <summary>Stops the host and starts another one on the same data.</summary>
    public async Task RestartAsync()
    {
        await Shards.RestartAsync();
        Recovery = NewRecovery();
    }

    public async ValueTask DisposeAsync()
    {
        await Shards.DisposeAsync();
        _scratch.Dispose();
    }

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private TenantRecovery NewRecovery() =>
        new(Shards.Host, Store, ScratchPath, TimeProvider.System, NullLoggerFactory.Instance);
}
