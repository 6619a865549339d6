using System.Text;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.Restoring;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Hosting.Recovery;

namespace Platform.TenantShard.Tests.Hosting.Recovery;

public sealed class TenantCopyTests
{
    private static CancellationToken None => CancellationToken.None;

    [Theory]
    [InlineData(Durability.Replicated)]
    [InlineData(Durability.Local)]
    public async Task A_clone_has_everything_that_was_acknowledged_and_goes_its_own_way(Durability durability)
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme", durability);
        await fixture.Shards.ExecuteAsync(tenant, "INSERT INTO t VALUES (1, 'both')");
        var state = await fixture.ContentAsync(tenant);
        var clone = fixture.Shards.Add("clone");
        using (var copy = await fixture.Recovery.PrepareCopyAsync(tenant, RestoreTarget.Newest, keepsSecrets: false, None))
        {
            await fixture.Shards.ExecuteAsync(tenant, "INSERT INTO t VALUES (2, 'the source alone')");
            await fixture.Recovery.CompleteCopyAsync(copy, clone, None);
        }

        Assert.Equal(state, await fixture.ContentAsync(clone));
        await fixture.Shards.ExecuteAsync(clone, "DELETE FROM t");
        Assert.Equal(2, await fixture.Shards.ScalarAsync(tenant, "SELECT count(*) FROM t"));
        Assert.Equal(0, await fixture.Shards.ScalarAsync(clone, "SELECT count(*) FROM t"));
        Assert.Empty(Directory.GetDirectories(fixture.ScratchPath));
    }

    [Fact]
    public async Task Files_of_records_are_copied_large_and_small()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var large = new byte[3 << 20];
        new Random(1).NextBytes(large);
        var first = await fixture.AddFileAsync(tenant, "large", large);
        var second = await fixture.AddFileAsync(tenant, "small", Encoding.UTF8.GetBytes("small"));
        using var copy = await fixture.Recovery.PrepareCopyAsync(tenant, RestoreTarget.Newest, keepsSecrets: false, None);
        await fixture.Recovery.CompleteCopyAsync(copy, fixture.Shards.Add("clone"), None);
        var copied = await fixture.Store.GetAsync($"tenants/clone/storage/{first}", 4 << 20, None);
        Assert.True(large.AsSpan().SequenceEqual(copied));
        Assert.Equal("small"u8.ToArray(), await fixture.Store.GetAsync($"tenants/clone/storage/{second}", 100, None));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_has_token_secrets_of_its_own_unless_it_is_to_keep_them(bool isKept)
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var state = await fixture.ContentAsync(tenant);
        var clone = fixture.Shards.Add("clone");
        using (var copy = await fixture.Recovery.PrepareCopyAsync(tenant, RestoreTarget.Newest, isKept, None))
            await fixture.Recovery.CompleteCopyAsync(copy, clone, None);
        Assert.Equal(state, await fixture.ContentAsync(clone));
        var (ours, theirs) = (await SecretsAsync(fixture, tenant), await SecretsAsync(fixture, clone));
        Assert.Equal(10, ours.Count);
        Assert.All(ours.Concat(theirs), secret => Assert.Equal(50, secret.Length));
        Assert.Equal(isKept ? 10 : 0, ours.Intersect(theirs).Count());
    }

    [Fact]
    public async Task A_copy_has_the_files_that_its_state_names_and_no_others()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var gone = await fixture.AddFileAsync(tenant, "gone", [1]);
        var then = await fixture.NewestAsync(tenant);
        await fixture.Shards.ExecuteAsync(tenant, "DELETE FROM docs");
        var late = await fixture.AddFileAsync(tenant, "late", [2]);
        foreach (var (target, id, named) in
            new[] { (RestoreTarget.At(then), "past", gone), (RestoreTarget.Newest, "now", late) })
        {
            using var copy = await fixture.Recovery.PrepareCopyAsync(tenant, target, keepsSecrets: true, None);
            await fixture.Recovery.CompleteCopyAsync(copy, fixture.Shards.Add(id), None);
            var keys = new List<string>();
            await foreach (var entry in fixture.Store.ListAsync($"tenants/{id}/storage/", null, None)) keys.Add(entry.Key);
            Assert.Equal([$"tenants/{id}/storage/{named}"], keys);
        }
    }

    [Fact]
    public async Task The_copy_of_a_tenant_that_nobody_wrote_to_is_another_one()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = fixture.Shards.Add("acme");
        using var copy = await fixture.Recovery.PrepareCopyAsync(tenant, RestoreTarget.Newest, keepsSecrets: false, None);
        Assert.Null(copy.Time);
        var clone = fixture.Shards.Add("clone");
        await fixture.Recovery.CompleteCopyAsync(copy, clone, None);
        Assert.True(await fixture.Shards.ScalarAsync(clone, "SELECT count(*) FROM _collections") > 0);
    }

    [Fact]
    public async Task A_tenant_with_data_is_never_written_over()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var other = await fixture.CreateTenantAsync("other");
        var state = await fixture.ContentAsync(other);
        await fixture.InsertAsync(tenant, 1);
        using var copy = await fixture.Recovery.PrepareCopyAsync(tenant, RestoreTarget.Newest, keepsSecrets: false, None);
        await Assert.ThrowsAsync<RestoreException>(() => fixture.Recovery.CompleteCopyAsync(copy, other, None));
        await fixture.Shards.Host.EvictAsync(other);
        Assert.Equal(state, await fixture.ContentAsync(other));
    }

    [Fact]
    public async Task The_disk_that_copies_take_is_bounded()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var copies = new List<TenantCopy>();
        for (var count = 0; count < ScratchSpace.UsersMax; count++)
            copies.Add(await fixture.Recovery.PrepareCopyAsync(tenant, RestoreTarget.Newest, keepsSecrets: false, None));
        var refused = await Assert.ThrowsAsync<ShardRequestException>(
            () => fixture.Recovery.PrepareCopyAsync(tenant, RestoreTarget.Newest, keepsSecrets: false, None));
        Assert.Equal(503, refused.Status);
        copies.ForEach(static copy => copy.Dispose());
        (await fixture.Recovery.PrepareCopyAsync(tenant, RestoreTarget.Newest, keepsSecrets: false, None)).Dispose();
    }

    /// <summary>The five secrets of each of the two auth collections that every tenant has.</summary>
    private static Task<HashSet<string>> SecretsAsync(RecoveryFixture fixture, TenantId tenant) =>
        fixture.Shards.WithAsync(tenant, shard => shard.ReadAsync(
            0,
            static (scope, _) =>
            {
                using var rows = scope.Connection.Prepare("""
                    SELECT tree.value FROM _collections, json_tree(options) AS tree
                    WHERE _collections.type = 'auth' AND tree.key = 'secret'
                    """);
                var secrets = new HashSet<string>();
                while (rows.Step()) secrets.Add(rows.Text(0));
                return secrets;
            },
            default).AsTask());

    [Fact]
    public async Task What_a_crash_left_on_the_disk_is_removed_at_the_start()
    {
        await using var fixture = new RecoveryFixture();
        Directory.CreateDirectory(Path.Combine(fixture.ScratchPath, "left"));
        await fixture.RestartAsync();
        Assert.False(Directory.Exists(fixture.ScratchPath));
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        await fixture.InsertAsync(tenant, 1);
        await fixture.InsertAsync(tenant, 2);
        var gap = Directory.GetFiles(Path.Combine(fixture.Shards.ObjectsPath, "tenants/acme/data.db/ltx/0")).Order().ElementAt(1);
        File.Delete(gap);
        var broken = await Assert.ThrowsAsync<RestoreException>(
            () => fixture.Recovery.PrepareCopyAsync(tenant, RestoreTarget.Newest, keepsSecrets: false, None));
        Assert.Contains("0000000000000001", broken.Message, StringComparison.Ordinal);
        Assert.False((await fixture.Recovery.ReadHistoryAsync(tenant, false, 0, 10, None)).IsComplete);
        Assert.Empty(Directory.GetDirectories(fixture.ScratchPath));
    }
}
