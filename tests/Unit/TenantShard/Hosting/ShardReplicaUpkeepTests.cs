using System.Diagnostics.Metrics;
using Platform.Replication.Maintenance;
using Platform.Testing;

namespace Platform.TenantShard.Tests.Hosting;

/// <summary>The upkeep of replicas as a host runs it: real time, real loops, a folder of objects.</summary>
public sealed class ShardReplicaUpkeepTests
{
    [Fact]
    public async Task Replicas_of_shards_that_are_written_to_are_merged_and_open_again()
    {
        await using var fixture = new ShardHostFixture(options => options with
        {
            Upkeep = Small,
            UpkeepInterval = TimeSpan.FromMilliseconds(20),
        });
        var (busy, quiet) = (fixture.Add("busy"), fixture.Add("quiet"));
        await fixture.ExecuteAsync(quiet, "CREATE TABLE t (a)");
        await fixture.ExecuteAsync(busy, "CREATE TABLE t (a)");
        for (var row = 0; row < 24; row++) await fixture.ExecuteAsync(busy, $"INSERT INTO t VALUES ({row})");

        await Eventually.TrueAsync(() => FilesAt(fixture, "busy", 2) > 0);

        Assert.Equal(0, FilesAt(fixture, "quiet", 1));
        await fixture.RestartAsync(deleteCache: true);
        Assert.Equal(24, await fixture.ScalarAsync(busy, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task One_shard_after_another_is_verified_and_a_damaged_replica_is_mended()
    {
        await using var fixture = new ShardHostFixture(options => options with
        {
            ScrubInterval = TimeSpan.FromMilliseconds(20),
            UpkeepInterval = TimeSpan.FromHours(1),
        });
        var (sound, damaged) = (fixture.Add("sound"), fixture.Add("damaged"));
        await fixture.ExecuteAsync(sound, "CREATE TABLE t (a)");
        await Eventually.TrueAsync(async () => await IsVerifiedAsync(fixture, sound));
        await fixture.ExecuteAsync(damaged, "CREATE TABLE t (a)");
        File.Delete(Path.Combine(
            fixture.ObjectsPath, "tenants/damaged/data.db/ltx/0/0000000000000001-0000000000000001.ltx"));

        await Eventually.TrueAsync(async () => await IsVerifiedAsync(fixture, damaged));

        Assert.Equal(0, FilesAt(fixture, "sound", 9));
        Assert.True(FilesAt(fixture, "damaged", 9) > 0);
        await fixture.RestartAsync(deleteCache: true);
        Assert.Equal(0, await fixture.ScalarAsync(damaged, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task Closing_a_shard_waits_for_its_upkeep_and_loses_nothing()
    {
        await using var fixture = new ShardHostFixture(options => options with
        {
            Upkeep = Small,
            UpkeepInterval = TimeSpan.FromMilliseconds(1),
            ScrubInterval = TimeSpan.FromMilliseconds(1),
        });
        var tenant = fixture.Add("acme");
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        for (var row = 0; row < 60; row++)
        {
            await fixture.ExecuteAsync(tenant, $"INSERT INTO t VALUES ({row})");
            if (row % 10 == 0) await fixture.Host.EvictAsync(tenant);
        }

        await fixture.RestartAsync(deleteCache: true);
        Assert.Equal(60, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task What_is_asked_of_the_store_is_counted_by_kind()
    {
        var requests = new Dictionary<string, long>();
        using var listener = new MeterListener();
        await using var fixture = new ShardHostFixture(isMeasured: true);

        // Asked for once: instruments of other tests are published still when the fixture is gone.
        var scope = fixture.MeterScope;
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Scope == scope && instrument.Name == "replication.store.requests")
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            lock (requests)
            {
                var kind = (string)tags[0].Value!;
                requests[kind] = requests.GetValueOrDefault(kind) + count;
            }
        });
        listener.Start();
        var tenant = fixture.Add("acme");

        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");

        // The fencing record and the first file; the listings of the records and of the replica.
        lock (requests)
        {
            Assert.Equal(2, requests["create"]);
            Assert.Equal(2, requests["list"]);
            Assert.False(requests.ContainsKey("delete"));
        }
    }

    private static UpkeepOptions Small => new()
    {
        FilesPerMerge = [4, 2],
        MergeFilesMin = 2,
        LookFiles = 1,
        LookInterval = TimeSpan.Zero,
    };

    private static Task<bool> IsVerifiedAsync(ShardHostFixture fixture, Platform.Messages.Identity.TenantId tenant) =>
        fixture.WithAsync(tenant, shard => Task.FromResult(shard.Upkeep.IsVerified));

    private static int FilesAt(ShardHostFixture fixture, string tenant, int level)
    {
        var folder = Path.Combine(fixture.ObjectsPath, $"tenants/{tenant}/data.db/ltx/{level}");
        return Directory.Exists(folder) ? Directory.GetFiles(folder).Length : 0;
    }
}
