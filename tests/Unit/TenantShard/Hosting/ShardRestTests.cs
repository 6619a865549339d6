using Platform.Messages.Tenants;
using Platform.TenantShard.Hosting;
using Platform.Testing;

namespace Platform.TenantShard.Tests.Hosting;

/// <summary>Shards that nobody uses hold no files, and nobody notices.</summary>
public sealed class ShardRestTests
{
    [Theory]
    [InlineData(Durability.Replicated)]
    [InlineData(Durability.Local)]
    public async Task A_shard_that_nobody_uses_holds_no_file_and_goes_on_with_the_next_request(Durability durability)
    {
        await using var fixture = RestingSoon();
        var tenant = fixture.Add("acme", durability);
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        var shard = await fixture.WithAsync(tenant, Task.FromResult);
        for (var row = 0; row < 3; row++)
        {
            await fixture.ExecuteAsync(tenant, $"INSERT INTO t VALUES ({row})");
            await Eventually.TrueAsync(() => OpenFiles(fixture, "acme").Length == 0);
            Assert.Equal(row + 1, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
            await Eventually.TrueAsync(() => OpenFiles(fixture, "acme").Length == 0);
        }

        Assert.Same(shard, await fixture.WithAsync(tenant, Task.FromResult));
        Assert.Equal(0, new FileInfo(Path.Combine(fixture.CachePath, "acme/data.db-wal")).Length);
        await fixture.RestartAsync(deleteCache: durability == Durability.Replicated);
        Assert.Equal(3, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_shard_at_rest_closes_cleanly_and_is_continued_from_its_local_copy()
    {
        await using var fixture = RestingSoon();
        var tenant = fixture.Add("acme");
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        await Eventually.TrueAsync(() => OpenFiles(fixture, "acme").Length == 0);
        await fixture.RestartAsync();
        // What a clean close leaves, and what a restore would have replaced.
        var position = await File.ReadAllTextAsync(Path.Combine(fixture.CachePath, "acme/data.db-position"));
        Assert.Matches("\"contentHash\":\"[0-9a-f]{64}\"", position);
        Assert.Equal(0, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_tenant_that_was_never_written_to_rests_without_being_initialised()
    {
        await using var fixture = RestingSoon();
        var tenant = fixture.Add("acme");
        await fixture.ScalarAsync(tenant, "SELECT count(*) FROM _collections");
        await Eventually.TrueAsync(() => OpenFiles(fixture, "acme").Length == 0);
        Assert.False(Directory.Exists(Path.Combine(fixture.ObjectsPath, "tenants/acme/data.db")));
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        Assert.Equal(0, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task Of_more_shards_than_may_be_awake_the_least_recently_used_ones_rest()
    {
        await using var fixture = new ShardHostFixture(options => options with { AwakeMax = 8 });
        var tenants = Enumerable.Range(0, 40).Select(index => fixture.Add($"tenant-{index}")).ToList();
        foreach (var tenant in tenants) await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        await Eventually.TrueAsync(() => Awake(fixture) <= 8);
        Assert.Equal(40, fixture.Host.Status.Active);
        Assert.NotEmpty(OpenFiles(fixture, "tenant-39"));
        Assert.Empty(OpenFiles(fixture, "tenant-0"));

        foreach (var tenant in tenants) await fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (1)");
        foreach (var tenant in tenants) Assert.Equal(1, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
        await Eventually.TrueAsync(() => Awake(fixture) <= 8);
    }

    [Fact]
    public async Task Shards_that_are_put_to_rest_all_the_time_lose_no_write()
    {
        await using var fixture = new ShardHostFixture(
            options => options with { IdleAfter = TimeSpan.FromHours(1), AwakeMax = 1, CheckpointWalBytes = 64 << 10 });
        var tenants = Enumerable.Range(0, 4).Select(index => fixture.Add($"tenant-{index}")).ToList();
        foreach (var tenant in tenants) await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        using var stop = new CancellationTokenSource();
        var resting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (var tenant in tenants)
                {
                    var shard = await fixture.WithAsync(tenant, Task.FromResult);
                    shard.BecomeIdle();
                }

                await Task.Yield();
            }
        });
        await Task.WhenAll(tenants.Select(tenant => Task.Run(async () =>
        {
            for (var row = 1; row <= 60; row++)
            {
                await fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (randomblob(3000))");
                Assert.Equal(row, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
            }
        })));
        await stop.CancelAsync();
        await resting;
        await fixture.RestartAsync(deleteCache: true);
        foreach (var tenant in tenants) Assert.Equal(60, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public void The_limit_of_open_files_is_read_and_half_of_it_is_for_tenants()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.File("limits"),
            """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             95000                95000                processes
            Max open files            20000                524288               files
            """);
        Assert.Equal(new OpenFileLimit(20_000), OpenFileLimit.Read(folder.File("limits")));
        Assert.Equal(1250, new OpenFileLimit(20_000).AwakeMax);
        Assert.Equal(16, new OpenFileLimit(64).AwakeMax);
        Assert.Equal(80_000, OpenFileLimit.FilesFor(5000));
        Assert.Equal(5000, new OpenFileLimit(OpenFileLimit.FilesFor(5000)).AwakeMax);
        Assert.Equal(int.MaxValue, OpenFileLimit.Read(folder.File("nothing")).AwakeMax);
    }

    /// <summary>The runtime does this; the platform relies on it.</summary>
    [Fact]
    public void The_runtime_has_raised_the_limit_of_open_files_to_the_hard_one()
    {
        var line = File.ReadLines("/proc/self/limits").Single(
            line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var limits = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(limits[4], limits[3]);
    }

    private static ShardHostFixture RestingSoon() => new(
        options => options with { IdleAfter = TimeSpan.FromSeconds(3), LocalShipInterval = TimeSpan.FromMilliseconds(10) });

    private static int Awake(ShardHostFixture fixture) => new DirectoryInfo(fixture.CachePath).GetDirectories()
        .Count(folder => OpenFiles(fixture, folder.Name).Length > 0);

    private static string[] OpenFiles(ShardHostFixture fixture, string tenant)
    {
        var folder = Path.Combine(fixture.CachePath, tenant) + "/";
        return [.. new DirectoryInfo("/proc/self/fd").GetFiles().Select(file => file.LinkTarget ?? "")
            .Where(target => target.StartsWith(folder, StringComparison.Ordinal))];
    }
}
