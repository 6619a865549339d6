using Platform.Messages.Tenants;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Lifecycle;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.TenantShard.Tests.Hosting;

/// <summary>Object storage is away or answers badly: what is acknowledged stays, what is refused is whole or absent.</summary>
public sealed class ShardOutageTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(800);
    private FaultyObjectStore _store = null!;
    private ShardHostFixture _fixture = null!;

    public Task InitializeAsync()
    {
        _fixture = new ShardHostFixture(
            options => options with { WriteDeadline = Deadline, UnshippedBytesMax = 1 << 20 },
            store => _store = new FaultyObjectStore(store));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task A_replicated_write_that_cannot_be_stored_is_answered_with_503_and_reads_go_on()
    {
        var tenant = await TenantWithTableAsync(Durability.Replicated);
        _store.IsOut = true;
        var refusal = await Assert.ThrowsAsync<ApiException>(() => _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (1)"));
        Assert.Equal(503, refusal.Status);
        Assert.NotNull(refusal.RetryAfterSeconds);
        Assert.InRange(await _fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"), 0, 1);
    }

    [Fact]
    public async Task A_write_that_was_answered_with_503_is_told_of_once_it_is_stored()
    {
        var tenant = await TenantWithTableAsync(Durability.Replicated);
        var heard = new HeardEvents();
        await _fixture.WithAsync(tenant, shard => { shard.Feed.Attach(heard); return Task.FromResult(true); });
        _store.IsOut = true;
        await Assert.ThrowsAsync<ApiException>(() => _fixture.WithAsync(
            tenant, shard => shard.WriteAsync(new InsertOrigin("origin000000001"), default).AsTask()));
        Assert.Empty(heard.Ids);
        _store.IsOut = false;
        // No other write is needed.
        await Eventually.TrueAsync(() => heard.Ids is ["origin000000001"]);
        await _fixture.WithAsync(
            tenant, shard => shard.WriteAsync(new InsertOrigin("origin000000002"), default).AsTask());
        Assert.Equal(["origin000000001", "origin000000002"], heard.Ids);
    }

    [Fact]
    public async Task While_a_write_is_unstored_later_ones_are_refused_before_they_run()
    {
        var tenant = await TenantWithTableAsync(Durability.Replicated);
        _store.IsOut = true;
        await Assert.ThrowsAsync<ApiException>(() => _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (1)"));
        for (var write = 0; write < 3; write++)
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(
                () => _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (2)"));
            Assert.Contains("nothing was written", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, await _fixture.ScalarAsync(tenant, "SELECT count(*) FROM t WHERE a = 2"));
    }

    [Fact]
    public async Task Writes_go_on_by_themselves_when_the_store_is_back()
    {
        var tenant = await TenantWithTableAsync(Durability.Replicated);
        _store.IsOut = true;
        await Assert.ThrowsAsync<ApiException>(() => _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (1)"));
        _store.IsOut = false;
        await _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (2)");
        await _fixture.RestartAsync(deleteCache: true);
        Assert.Equal(2, await _fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_acknowledged_once_and_not_stored_twice()
    {
        var tenant = await TenantWithTableAsync(Durability.Replicated);
        _store.FailNext(ObjectOperations.Create, ObjectFault.LoseAnswer);
        await _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (1)");
        _store.FailNext(ObjectOperations.Create, ObjectFault.Duplicate);
        await _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (2)");
        await _fixture.RestartAsync(deleteCache: true);
        Assert.Equal(2, await _fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_local_write_is_acknowledged_during_an_outage_and_stored_afterwards()
    {
        var tenant = await TenantWithTableAsync(Durability.Local);
        _store.IsOut = true;
        for (var row = 0; row < 10; row++) await _fixture.ExecuteAsync(tenant, $"INSERT INTO t VALUES ({row})");
        Assert.True(_fixture.Host.Status.UnshippedBytes > 0);
        _store.IsOut = false;
        await Eventually.TrueAsync(() => _fixture.Host.Status.UnshippedBytes == 0);
        await _fixture.RestartAsync(deleteCache: true);
        Assert.Equal(10, await _fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task The_backlog_of_a_local_tenant_is_bounded()
    {
        var tenant = await TenantWithTableAsync(Durability.Local);
        _store.IsOut = true;
        ApiException? refusal = null;
        for (var row = 0; row < 200 && refusal is null; row++)
        {
            try
            {
                await _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (randomblob(20000))");
            }
            catch (ApiException full)
            {
                refusal = full;
            }
        }

        Assert.Equal(503, refusal?.Status);
        Assert.InRange(_fixture.Host.Status.UnshippedBytes, 1 << 19, 2 << 20);
        _store.IsOut = false;
        await _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (1)");
    }

    [Fact]
    public async Task A_cold_tenant_is_refused_with_503_and_opens_when_the_store_is_back()
    {
        var tenant = await TenantWithTableAsync(Durability.Replicated);
        await _fixture.Host.EvictAsync(tenant);
        _store.IsOut = true;
        // One that was closed here, under this epoch, needs nothing of the store.
        Assert.Equal(0, await _fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
        await _fixture.Host.EvictAsync(tenant);
        _fixture.RaiseEpoch();
        var refusal = await Assert.ThrowsAsync<ApiException>(() => _fixture.ScalarAsync(tenant, "SELECT 1"));
        Assert.Equal(503, refusal.Status);
        Assert.NotNull(refusal.RetryAfterSeconds);
        _store.IsOut = false;
        Assert.Equal(0, await _fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_local_commit_that_was_never_stored_survives_a_stop_during_the_outage()
    {
        var tenant = await TenantWithTableAsync(Durability.Local);
        _store.IsOut = true;
        await _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (1)");
        await _fixture.RestartAsync();
        Assert.Equal(1, await _fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
        await _fixture.RestartAsync(deleteCache: true);
        Assert.Equal(1, await _fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_zombie_owner_neither_acknowledges_nor_damages()
    {
        var tenant = await TenantWithTableAsync(Durability.Replicated);
        await using var successor = _fixture.StartSuccessor();
        await successor.ExecuteAsync(tenant, "INSERT INTO t VALUES (100)");
        var zombie = await Assert.ThrowsAsync<ApiException>(
            () => _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (1)"));
        Assert.Equal(503, zombie.Status);
        await successor.ExecuteAsync(tenant, "INSERT INTO t VALUES (101)");
        Assert.Equal(201, await successor.ScalarAsync(tenant, "SELECT sum(a) FROM t"));
        await successor.RestartAsync(deleteCache: true);
        Assert.Equal(201, await successor.ScalarAsync(tenant, "SELECT sum(a) FROM t"));
    }

    [Fact]
    public async Task A_zombie_of_local_durability_stops_acknowledging_once_it_learns_of_its_successor()
    {
        var tenant = await TenantWithTableAsync(Durability.Local);
        await Eventually.TrueAsync(() => _fixture.Host.Status.UnshippedBytes == 0);
        await using var successor = _fixture.StartSuccessor();
        await successor.ExecuteAsync(tenant, "INSERT INTO t VALUES (100)");
        await Eventually.TrueAsync(() => successor.Host.Status.UnshippedBytes == 0);
        var zombie = await _fixture.WithAsync(tenant, Task.FromResult);
        await _fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (1)");
        await Eventually.TrueAsync(() => zombie.State is ShardState.Fenced or ShardState.Evicted);
        Assert.Equal(100, await successor.ScalarAsync(tenant, "SELECT sum(a) FROM t"));
    }

    private async Task<Messages.Identity.TenantId> TenantWithTableAsync(Durability durability)
    {
        var tenant = _fixture.Add("acme", durability);
        await _fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        return tenant;
    }
}
