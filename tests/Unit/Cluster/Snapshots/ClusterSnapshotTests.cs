using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Events;
using Platform.Cluster.Membership;
using Platform.Cluster.Snapshots;
using Platform.Cluster.Store;
using Platform.Cluster.Tenants;
using Platform.Cluster.Tests.Tenants;
using Platform.Messages.Identity;
using Platform.Testing;

namespace Platform.Cluster.Tests.Snapshots;

public sealed class ClusterSnapshotTests
{
    [Fact]
    public async Task A_snapshot_holds_all_that_is_on_no_lease()
    {
        await using var cluster = await RegistryFixture.OpenAsync();
        await cluster.CreateAsync("acme", "acme.example.com");
        var lease = await cluster.Store.GrantLeaseAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        await PutAsync(cluster, "/nodes/n1", "alive", lease.Id);
        await PutAsync(cluster, "/nodes-cordoned/n1", "{}");
        var snapshots = SnapshotsOf(cluster);

        var (entry, header) = await snapshots.SaveAsync("test", CancellationToken.None);
        var read = await snapshots.ReadAsync(entry.Name, CancellationToken.None);

        Assert.Equal(header.Entries, read!.Entries.Count);
        Assert.Contains("/tenants/acme", read.Entries.Keys);
        Assert.Contains("/domains/acme.example.com", read.Entries.Keys);
        Assert.Contains("/nodes-cordoned/n1", read.Entries.Keys);
        Assert.DoesNotContain("/nodes/n1", read.Entries.Keys);
        Assert.Equal([entry], await snapshots.ListAsync(CancellationToken.None));
        Assert.NotNull(await cluster.Store.GetAsync("/events/" + EventKinds.SnapshotSaved, CancellationToken.None));
        Assert.Null(await snapshots.ReadAsync("20200101T000000.000Z", CancellationToken.None));
        Assert.Null(await snapshots.ReadAsync("../../tenants/acme/metadata", CancellationToken.None));
    }

    [Fact]
    public async Task A_snapshot_is_of_one_revision_though_the_store_changes_meanwhile()
    {
        await using var cluster = await RegistryFixture.OpenAsync();
        using var stop = new CancellationTokenSource();

        // Far apart in the listing, always changed together.
        var writing = Task.Run(async () =>
        {
            for (var number = 0; !stop.IsCancellationRequested; number++)
            {
                var value = Encoding.ASCII.GetBytes($"{number}");
                await cluster.Store.CommitAsync(
                    new()
                    {
                        Operations = [StoreOperation.Put("/a", value), StoreOperation.Put($"/m/{number % 3000}", value), StoreOperation.Put("/z", value)],
                    },
                    CancellationToken.None);
            }
        });
        try
        {
            for (var round = 0; round < 10; round++)
            {
                var (_, entries) = await StoreCapture.TakeAsync(cluster.Store, CancellationToken.None);
                if (entries.TryGetValue("/a", out var first)) Assert.Equal(first, entries["/z"]);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }
    }

    [Fact]
    public async Task A_damaged_snapshot_is_told_from_a_whole_one_and_an_older_one_serves()
    {
        await using var cluster = await RegistryFixture.OpenAsync();
        await cluster.CreateAsync("acme");
        var snapshots = SnapshotsOf(cluster);
        var (entry, _) = await snapshots.SaveAsync("test", CancellationToken.None);
        var whole = (await cluster.Objects.GetAsync(SnapshotName.ObjectOf(entry.Name), 1 << 20, CancellationToken.None))!;

        byte[][] damaged = [[], whole[..(whole.Length / 2)], whole[..^40], [.. whole.Select(value => (byte)~value)]];
        foreach (var damage in damaged)
        {
            Assert.Throws<FormatException>(() => ClusterSnapshot.Decode(damage));
            await cluster.Objects.PutAsync(
                SnapshotName.ObjectOf("20990101T000000.000Z"), damage, CancellationToken.None);
            var newest = await snapshots.ReadNewestAsync(CancellationToken.None);
            Assert.Equal(entry.Created, newest!.Header.Created);
        }

        var future = new ClusterSnapshot(
            new SnapshotHeader { Format = SnapshotHeader.FormatKnown + 1 }, new Dictionary<string, byte[]>()).Encode();
        Assert.Contains("format 2", Assert.Throws<FormatException>(() => ClusterSnapshot.Decode(future)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_store_gets_everything_back()
    {
        await using var before = await RegistryFixture.OpenAsync();
        await before.CreateAsync("acme", "acme.example.com");
        await before.CreateAsync("gone");
        await before.Registry.DeleteAsync(TenantId.Parse("gone"), CancellationToken.None);
        await PutAsync(before, "/routes/acme", """{"node":"n1"}""");
        await PutAsync(before, "/nodes-cordoned/n2", "{}");
        var (revision, entries) = await StoreCapture.TakeAsync(before.Store, CancellationToken.None);
        var snapshot = new ClusterSnapshot(new SnapshotHeader { Revision = revision, EpochBase = 7 }, entries);

        // On the same object storage, whose registry is lost as well.
        await using var after = await RegistryFixture.OpenAsync();
        foreach (var id in (string[])["acme", "gone"])
            await after.Objects.PutAsync($"tenants/{id}/data.db/0/x", new byte[1], CancellationToken.None);
        var restore = RestoreOf(after);
        Assert.True(await restore.IsEmptyAsync(CancellationToken.None));
        var report = await restore.RunAsync(snapshot, CancellationToken.None);

        Assert.Equal(new RestoreReport(2, 0, 1, 1), report);
        Assert.False(await restore.IsEmptyAsync(CancellationToken.None));
        foreach (var (key, value) in entries.Where(pair => !pair.Key.StartsWith("/tenants-uncopied/", StringComparison.Ordinal)))
            Assert.Equal(value, (await after.Store.GetAsync(key, CancellationToken.None))?.Value.ToArray());
        Assert.True(await EpochBase.ReadAsync(after.Store, CancellationToken.None) > 7 + revision);

        // And the copies are written again, since the marks are there.
        await after.Parts.Copies.WriteAsync(TenantId.Parse("acme"), CancellationToken.None);
        Assert.Equal(["acme.example.com"], (await after.ReadCopyAsync("acme"))!.Domains);
    }

    [Fact]
    public async Task A_cluster_that_goes_on_loses_nothing_when_it_is_taken_back()
    {
        await using var cluster = await RegistryFixture.OpenAsync();
        await cluster.CreateAsync("changed", "first.example.com", "both.example.com");
        await cluster.CreateAsync("purged");
        await PutAsync(cluster, "/routes/changed", """{"node":"n1"}""");
        var (revision, entries) = await StoreCapture.TakeAsync(cluster.Store, CancellationToken.None);
        var snapshot = new ClusterSnapshot(new SnapshotHeader { Revision = revision }, entries);

        // The domain goes to a tenant that was made since; one tenant is no more; one moved.
        await cluster.Registry.ChangeAsync(
            TenantId.Parse("changed"), tenant => tenant with { Domains = ["second.example.com"] }, CancellationToken.None);
        await cluster.CreateAsync("newer", "first.example.com");
        await cluster.Store.CommitAsync(
            new() { Operations = [StoreOperation.Delete("/tenants/purged")] }, CancellationToken.None);
        await cluster.Objects.DeleteAsync(["tenants/purged/metadata.json"], CancellationToken.None);
        await PutAsync(cluster, "/routes/changed", """{"node":"n2"}""");

        var restore = RestoreOf(cluster);
        Assert.False(await restore.IsEmptyAsync(CancellationToken.None));
        var report = await restore.RunAsync(snapshot, CancellationToken.None);

        Assert.Equal(new RestoreReport(1, 1, 0, 0), report);
        var changed = TenantJson.Read((await cluster.Store.GetAsync("/tenants/changed", CancellationToken.None))!.Value);
        Assert.Equal(["both.example.com"], changed.Domains);
        Assert.Equal("newer", await TextAsync(cluster, "/domains/first.example.com"));
        Assert.Equal("changed", await TextAsync(cluster, "/domains/both.example.com"));
        Assert.Null(await TextAsync(cluster, "/domains/second.example.com"));
        Assert.Null(await TextAsync(cluster, "/tenants/purged"));
        Assert.NotNull(await TextAsync(cluster, "/tenants/newer"));
        Assert.Contains("n2", await TextAsync(cluster, "/routes/changed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_oldest_go_when_there_are_too_many()
    {
        await using var cluster = await RegistryFixture.OpenAsync();
        for (var day = 1; day <= 5; day++)
            await cluster.Objects.PutAsync(SnapshotName.ObjectOf($"2026010{day}T000000.000Z"), new byte[1], CancellationToken.None);
        await cluster.Objects.PutAsync(SnapshotName.Folder + "notes.txt", new byte[1], CancellationToken.None);
        var snapshots = SnapshotsOf(cluster);

        await snapshots.PruneAsync(kept: 2, CancellationToken.None);

        Assert.Equal(
            ["20260104T000000.000Z", "20260105T000000.000Z"],
            (await snapshots.ListAsync(CancellationToken.None)).Select(entry => entry.Name));
        Assert.NotNull(await cluster.Objects.GetAsync(SnapshotName.Folder + "notes.txt", 10, CancellationToken.None));
    }

    [Fact]
    public async Task By_schedule_the_coordinator_alone_saves_and_the_oldest_go()
    {
        await using var cluster = await RegistryFixture.OpenAsync();
        var snapshots = SnapshotsOf(cluster);
        using var stop = new CancellationTokenSource();
        var isLeading = false;
        var looks = 0;
        var schedule = new SnapshotSchedule(
            snapshots, TimeSpan.FromMilliseconds(50), kept: 2,
            () =>
            {
                looks++;
                return Volatile.Read(ref isLeading);
            },
            TimeProvider.System);
        var running = schedule.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => Volatile.Read(ref looks) > 3);
        Assert.Empty(await snapshots.ListAsync(CancellationToken.None));

        Volatile.Write(ref isLeading, true);
        await Eventually.TrueAsync(async () => (await snapshots.ListAsync(CancellationToken.None)).Count > 0);
        var first = (await snapshots.ListAsync(CancellationToken.None))[0];
        await Eventually.TrueAsync(async () =>
            await snapshots.ListAsync(CancellationToken.None) is { Count: 2 } two && !two.Contains(first));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task The_base_of_epochs_is_set_once_and_never_lowered()
    {
        await using var cluster = await RegistryFixture.OpenAsync();
        Assert.Equal(0, await EpochBase.ReadAsync(cluster.Store, CancellationToken.None));
        await EpochBase.BeginAsync(cluster.Store, DateTimeOffset.UnixEpoch.AddSeconds(2), CancellationToken.None);
        await EpochBase.BeginAsync(cluster.Store, DateTimeOffset.UnixEpoch.AddSeconds(3), CancellationToken.None);
        Assert.Equal(2_000_000, await EpochBase.ReadAsync(cluster.Store, CancellationToken.None));
        await EpochBase.RaiseAsync(cluster.Store, 1_000_000, CancellationToken.None);
        Assert.Equal(2_000_000, await EpochBase.ReadAsync(cluster.Store, CancellationToken.None));
        await EpochBase.RaiseAsync(cluster.Store, 5_000_000, CancellationToken.None);
        Assert.Equal(5_000_000, await EpochBase.ReadAsync(cluster.Store, CancellationToken.None));
    }

    private static ClusterSnapshots SnapshotsOf(RegistryFixture cluster) => new(
        cluster.Store, cluster.Objects, "cp1",
        new EventNotes(cluster.Store, TimeProvider.System, NullLogger<EventNotes>.Instance), TimeProvider.System,
        NullLogger<ClusterSnapshots>.Instance);

    private static SnapshotRestore RestoreOf(RegistryFixture cluster) =>
        new(cluster.Store, cluster.Objects, NullLogger<SnapshotRestore>.Instance);

    private static Task<StoreCommit> PutAsync(RegistryFixture cluster, string key, string value, long lease = 0) =>
        cluster.Store.CommitAsync(
            new() { Operations = [StoreOperation.Put(key, Encoding.UTF8.GetBytes(value), lease)] }, CancellationToken.None);

    private static async Task<string?> TextAsync(RegistryFixture cluster, string key) =>
        await cluster.Store.GetAsync(key, CancellationToken.None) is { } entry ? Encoding.UTF8.GetString(entry.Value.Span) : null;
}
