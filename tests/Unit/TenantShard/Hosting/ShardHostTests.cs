using Platform.Messages.Tenants;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.Testing;

namespace Platform.TenantShard.Tests.Hosting;

public sealed class ShardHostTests
{
    private const string Endless =
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

    [Fact]
    public async Task A_new_tenant_opens_from_the_template_without_any_database_object()
    {
        await using var fixture = new ShardHostFixture();
        var tenant = fixture.Add("acme");
        Assert.True(await fixture.ScalarAsync(tenant, "SELECT count(*) FROM _collections") >= 5);
        Assert.False(Directory.Exists(Path.Combine(fixture.ObjectsPath, "tenants/acme/data.db")));
    }

    [Theory]
    [InlineData(Durability.Replicated, false)]
    [InlineData(Durability.Replicated, true)]
    [InlineData(Durability.Local, false)]
    [InlineData(Durability.Local, true)]
    public async Task Writes_survive_a_restart_with_and_without_the_local_copy(Durability durability, bool deleteCache)
    {
        await using var fixture = new ShardHostFixture();
        var tenant = fixture.Add("acme", durability);
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        for (var row = 0; row < 20; row++) await fixture.ExecuteAsync(tenant, $"INSERT INTO t VALUES ({row})");
        await fixture.RestartAsync(deleteCache);
        Assert.Equal(20, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
        await fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (20)");
        await fixture.RestartAsync(deleteCache);
        Assert.Equal(21, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_replicated_write_is_in_object_storage_when_it_is_acknowledged()
    {
        await using var fixture = new ShardHostFixture();
        var tenant = fixture.Add("acme");
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        var files = Directory.GetFiles(Path.Combine(fixture.ObjectsPath, "tenants/acme/data.db/ltx/0"));
        Assert.Equal("0000000000000001-0000000000000001.ltx", Path.GetFileName(Assert.Single(files)));
    }

    [Fact]
    public async Task Tenants_do_not_see_each_other()
    {
        await using var fixture = new ShardHostFixture();
        var (acme, other) = (fixture.Add("acme"), fixture.Add("other"));
        await fixture.ExecuteAsync(acme, "CREATE TABLE secrets (a)");
        await Assert.ThrowsAsync<DatabaseException>(() => fixture.ScalarAsync(other, "SELECT count(*) FROM secrets"));
    }

    [Fact]
    public async Task A_command_that_fails_is_undone_alone()
    {
        await using var fixture = new ShardHostFixture();
        var tenant = fixture.Add("acme");
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a UNIQUE)");
        var writes = Enumerable.Range(0, 50)
            .Select(row => fixture.ExecuteAsync(
                tenant, $"INSERT INTO t VALUES ('x{row}'); INSERT INTO t VALUES ({row / 2})"))
            .ToList();
        var failed = 0;
        foreach (var write in writes)
        {
            try
            {
                await write;
            }
            catch (DatabaseException violation) when (violation.IsUniqueViolation)
            {
                failed++;
            }
        }

        Assert.Equal(25, failed);
        Assert.Equal(50, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task Concurrent_first_requests_share_one_activation()
    {
        await using var fixture = new ShardHostFixture();
        var tenant = fixture.Add("acme");
        var shards = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(
            () => fixture.WithAsync(tenant, Task.FromResult))));
        Assert.Single(shards.Distinct());
    }

    [Fact]
    public async Task The_least_recently_used_shard_makes_room_for_one_more()
    {
        await using var fixture = new ShardHostFixture(options => options with { ActiveMax = 2 });
        var (one, two, three) = (fixture.Add("one"), fixture.Add("two"), fixture.Add("three"));
        await fixture.ExecuteAsync(one, "CREATE TABLE t (a)");
        await fixture.ScalarAsync(two, "SELECT 1");
        var first = await fixture.WithAsync(one, Task.FromResult);
        await fixture.ScalarAsync(three, "SELECT 1");
        Assert.Equal(2, fixture.Host.Status.Active);
        Assert.Same(first, await fixture.WithAsync(one, Task.FromResult));
        Assert.Equal(0, await fixture.ScalarAsync(one, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_full_node_whose_shards_are_all_in_use_refuses_one_more_with_503()
    {
        await using var fixture = new ShardHostFixture(options => options with { ActiveMax = 1 });
        var (one, two) = (fixture.Add("one"), fixture.Add("two"));
        await fixture.WithAsync(one, async shard =>
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(() => fixture.ScalarAsync(two, "SELECT 1"));
            Assert.Equal(503, refusal.Status);
            Assert.NotNull(refusal.RetryAfterSeconds);
            return shard;
        });
        Assert.Equal(1, await fixture.ScalarAsync(two, "SELECT 1"));
    }

    [Fact]
    public async Task An_unused_shard_is_closed_and_opens_again_with_its_data()
    {
        await using var fixture = new ShardHostFixture(
            options => options with { IdleAfter = TimeSpan.FromMilliseconds(1) });
        var tenant = fixture.Add("acme");
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        await Eventually.TrueAsync(() => fixture.Host.Status.Active == 0);
        Assert.Equal(0, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task An_unknown_tenant_is_not_found_and_leaves_nothing_behind()
    {
        await using var fixture = new ShardHostFixture();
        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => fixture.ScalarAsync(ShardHostFixture.Id("nobody"), "SELECT 1"));
        Assert.Equal(404, refusal.Status);
        Assert.Equal(0, fixture.Host.Status.Active);
        Assert.False(Directory.Exists(Path.Combine(fixture.CachePath, "nobody")));
    }

    [Fact]
    public async Task A_query_past_its_deadline_is_stopped_and_the_shard_lives_on()
    {
        await using var fixture = new ShardHostFixture(
            options => options with { StatementDeadline = TimeSpan.FromMilliseconds(200) });
        var tenant = fixture.Add("acme");
        var refusal = await Assert.ThrowsAsync<ApiException>(() => fixture.ScalarAsync(tenant, Endless));
        Assert.Equal(503, refusal.Status);
        Assert.Equal(1, await fixture.ScalarAsync(tenant, "SELECT 1"));
    }

    [Fact]
    public async Task A_slow_write_is_undone_alone_and_its_group_goes_on()
    {
        await using var fixture = new ShardHostFixture(
            options => options with { StatementDeadline = TimeSpan.FromMilliseconds(200) });
        var tenant = fixture.Add("acme");
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        var slow = fixture.ExecuteAsync(tenant, $"INSERT INTO t {Endless}");
        var others = Enumerable.Range(0, 10)
            .Select(row => fixture.ExecuteAsync(tenant, $"INSERT INTO t VALUES ({row})")).ToList();
        await Task.WhenAll(others);
        Assert.Equal(503, (await Assert.ThrowsAsync<ApiException>(() => slow)).Status);
        Assert.Equal(10, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Theory]
    [InlineData(Durability.Local)]
    [InlineData(Durability.Replicated)]
    public async Task The_wal_stays_bounded_under_constant_writes(Durability durability)
    {
        await using var fixture = new ShardHostFixture(options => options with { CheckpointWalBytes = 256 << 10 });
        var tenant = fixture.Add("acme", durability);
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        var wal = Path.Combine(fixture.CachePath, "acme/data.db-wal");
        for (var row = 0; row < 200; row++)
        {
            await fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (randomblob(20000))");
            Assert.True(new FileInfo(wal).Length < 1 << 20, $"The WAL has {new FileInfo(wal).Length} bytes.");
        }
    }

    [Fact]
    public async Task A_write_whose_client_has_gone_before_it_started_is_not_run()
    {
        await using var fixture = new ShardHostFixture();
        var tenant = fixture.Add("acme");
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.WithAsync(
            tenant,
            shard => shard.WriteAsync(new ShardHostFixture.SqlCommand("INSERT INTO t VALUES (1)"), gone.Token).AsTask()));
        Assert.Equal(0, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_tenant_at_its_storage_limit_refuses_to_grow_and_still_deletes()
    {
        await using var fixture = new ShardHostFixture();
        var tenant = fixture.Add("acme", storageBytesMax: 1 << 20);
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        ApiException? full = null;
        var rows = 0;
        for (; rows < 100 && full is null; rows++)
        {
            try
            {
                await fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (randomblob(50000))");
            }
            catch (ApiException refusal)
            {
                full = refusal;
            }
        }

        Assert.Equal(507, full?.Status);
        Assert.Equal(rows - 1, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
        await fixture.ExecuteAsync(tenant, "DELETE FROM t");
        await fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (randomblob(50000))");
        Assert.Equal(1, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }
}
