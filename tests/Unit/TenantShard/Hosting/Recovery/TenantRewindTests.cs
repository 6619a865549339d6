using Platform.Messages.Tenants;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;
using Platform.TenantShard.Hosting;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.TenantShard.Tests.Hosting.Recovery;

public sealed class TenantRewindTests
{
    private static CancellationToken None => CancellationToken.None;

    [Theory]
    [InlineData(11, Durability.Replicated)]
    [InlineData(12, Durability.Replicated)]
    [InlineData(13, Durability.Local)]
    public async Task A_tenant_goes_back_to_any_transaction_of_its_life_and_on(int seed, Durability durability)
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme", durability);
        var random = new Random(seed);
        var states = new SortedDictionary<Txid, string>();
        for (var step = 0; step < 30; step++)
        {
            if (states.Count > 3 && random.Next(5) == 0)
            {
                var (wanted, state) = states.ElementAt(random.Next(states.Count));
                var rewound = await fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(wanted), None);
                Assert.Equal(state, await fixture.ContentAsync(tenant));
                states[rewound.Txid] = state;
                continue;
            }

            await fixture.Shards.ExecuteAsync(tenant, random.Next(4) == 0
                ? RecoveryFixture.Invariant($"DELETE FROM t WHERE id > {random.Next(10)}")
                : RecoveryFixture.Invariant(
                    $"REPLACE INTO t VALUES ({random.Next(10)}, hex(randomblob({random.Next(9000)})))"));
            await fixture.Shards.Host.ShipAsync(tenant, None);
            states[await fixture.NewestAsync(tenant)] = await fixture.ContentAsync(tenant);
        }

        await fixture.RestartAsync();
        Assert.Equal(states.Values.Last(), await fixture.ContentAsync(tenant));
        foreach (var (txid, state) in states)
        {
            using var copy = await fixture.Recovery.PrepareCopyAsync(tenant, RestoreTarget.At(txid), keepsSecrets: true, None);
            var name = RecoveryFixture.Invariant($"copy-{txid}");
            var destination = fixture.Shards.Add(name);
            await fixture.Recovery.CompleteCopyAsync(copy, destination, None);
            Assert.Equal(state, await fixture.ContentAsync(destination));
        }
    }

    [Fact]
    public async Task Requests_wait_while_the_tenant_goes_back_and_see_the_state_of_then()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var first = await fixture.InsertAsync(tenant, 1);
        var state = await fixture.ContentAsync(tenant);
        await fixture.InsertAsync(tenant, 2);
        var gate = fixture.Store.Hold(ObjectOperations.Create, key => key.Contains("/ltx/", StringComparison.Ordinal));
        var rewind = fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(first), None);
        await gate.ArrivalAsync(TimeSpan.FromSeconds(30));
        var reading = fixture.ContentAsync(tenant);
        var second = await Assert.ThrowsAsync<ShardRequestException>(
            () => fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(first), None));
        Assert.Equal(503, second.Status);
        Assert.False(reading.IsCompleted);
        gate.Open();
        await rewind;
        Assert.Equal(state, await reading);
    }

    [Fact]
    public async Task A_request_that_waits_too_long_is_answered_with_503()
    {
        await using var fixture = new RecoveryFixture(
            options => options with { ActivationDeadline = TimeSpan.FromMilliseconds(300) });
        var tenant = await fixture.CreateTenantAsync("acme");
        var first = await fixture.InsertAsync(tenant, 1);
        await fixture.InsertAsync(tenant, 2);
        var gate = fixture.Store.Hold(ObjectOperations.Create, key => key.Contains("/ltx/", StringComparison.Ordinal));
        var rewind = fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(first), None);
        await gate.ArrivalAsync(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<TimeoutException>(() => fixture.ContentAsync(tenant));
        gate.Open();
        await rewind;
    }

    [Fact]
    public async Task Writers_meet_a_rewind_without_losing_what_was_acknowledged_to_them()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var first = await fixture.InsertAsync(tenant, 0);
        using var stop = new CancellationTokenSource();
        var written = 0;
        var writers = Enumerable.Range(1, 4).Select(writer => Task.Run(async () =>
        {
            for (var count = 0; !stop.IsCancellationRequested; count++)
            {
                await fixture.Shards.ExecuteAsync(
                    tenant, RecoveryFixture.Invariant($"INSERT INTO t VALUES ({(writer * 1_000_000) + count}, 'x')"));
                Interlocked.Increment(ref written);
            }
        })).ToList();
        await Eventually.TrueAsync(() => Volatile.Read(ref written) > 20);
        var rewound = await fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(first), None);
        var before = Volatile.Read(ref written);
        await Eventually.TrueAsync(() => Volatile.Read(ref written) > before + 20);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        // Undone, the rows of before are there; and those of after it in the state that is left.
        var after = await fixture.Shards.ScalarAsync(tenant, "SELECT count(*) FROM t");
        await fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(rewound.Before), None);
        var earlier = await fixture.Shards.ScalarAsync(tenant, "SELECT count(*) FROM t");
        Assert.Equal(written + 2, after + earlier);
    }

    [Fact]
    public async Task Commits_that_only_a_crashed_nodes_disk_had_are_part_of_the_history()
    {
        await using var fixture = new RecoveryFixture(
            options => options with { WriteDeadline = TimeSpan.FromMilliseconds(200) });
        var tenant = await fixture.CreateTenantAsync("acme", Durability.Local);
        await fixture.Shards.Host.ShipAsync(tenant, None);
        var first = await fixture.NewestAsync(tenant);
        fixture.Store.IsOut = true;
        await fixture.Shards.ExecuteAsync(tenant, "INSERT INTO t VALUES (1, 'only on the disk')");
        await fixture.RestartAsync();
        fixture.Store.IsOut = false;
        var rewound = await fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(first), None);
        Assert.Equal(0, await fixture.Shards.ScalarAsync(tenant, "SELECT count(*) FROM t"));
        Assert.Equal(first.Next, rewound.Before);
        await fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(rewound.Before), None);
        Assert.Equal(1, await fixture.Shards.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task While_object_storage_is_away_nothing_changes_and_the_tenant_serves_afterwards()
    {
        await using var fixture = new RecoveryFixture(
            options => options with { WriteDeadline = TimeSpan.FromMilliseconds(200) });
        var tenant = await fixture.CreateTenantAsync("acme");
        var first = await fixture.InsertAsync(tenant, 1);
        await fixture.InsertAsync(tenant, 2);
        fixture.Store.IsOut = true;
        await Assert.ThrowsAsync<ObjectStoreException>(
            () => fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(first), None));
        Assert.Equal(2, await fixture.Shards.ScalarAsync(tenant, "SELECT count(*) FROM t"));
        fixture.Store.IsOut = false;
        fixture.Store.FailNext(ObjectOperations.Create, ObjectFault.FailBefore, keys: IsTransaction);
        await Assert.ThrowsAsync<ObjectStoreException>(
            () => fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(first), None));
        Assert.Equal(2, await fixture.Shards.ScalarAsync(tenant, "SELECT count(*) FROM t"));
        Assert.Empty(Directory.GetDirectories(fixture.ScratchPath));
    }

    [Fact]
    public async Task A_tenant_whose_present_is_damaged_is_brought_back_to_before_the_damage()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var first = await fixture.InsertAsync(tenant, 1);
        var state = await fixture.ContentAsync(tenant);
        await fixture.InsertAsync(tenant, 2);
        await fixture.InsertAsync(tenant, 3);
        await fixture.Shards.Host.EvictAsync(tenant);
        var damaged = Path.Combine(
            fixture.Shards.ObjectsPath, $"tenants/acme/data.db/ltx/0/{LtxFileName.Format(first.Next, first.Next)}");
        await File.WriteAllBytesAsync(damaged, (await File.ReadAllBytesAsync(damaged))[..^3]);
        Directory.Delete(fixture.Shards.CachePath, recursive: true);
        await Assert.ThrowsAsync<RestoreException>(() => fixture.ContentAsync(tenant));
        await fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(first), None);
        Assert.Equal(state, await fixture.ContentAsync(tenant));
    }

    [Fact]
    public async Task What_is_not_retained_is_refused_before_the_tenant_is_closed()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        await Assert.ThrowsAsync<NotRetainedException>(
            () => fixture.Recovery.RewindAsync(tenant, RestoreTarget.Before(DateTimeOffset.UnixEpoch), None));
        await Assert.ThrowsAsync<NotRetainedException>(
            () => fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(new Txid(99)), None));
        Assert.Equal(1, fixture.Shards.Host.Status.Active);
        var unwritten = fixture.Shards.Add("unwritten");
        await Assert.ThrowsAsync<NotRetainedException>(
            () => fixture.Recovery.RewindAsync(unwritten, RestoreTarget.At(new Txid(1)), None));
    }

    private static bool IsTransaction(string key) => key.Contains("/ltx/0/", StringComparison.Ordinal);
}
