using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Store;
using Platform.Cluster.Store.Embedded;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Store.Embedded;

public sealed class EmbeddedStoreTests : ClusterStoreContract
{
    private const int HistoryRevisionsMax = 500;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        StoreCommit commit;
        long leaseId;
        await using (var store = OpenIn(folder))
        {
            leaseId = (await store.GrantLeaseAsync(TimeSpan.FromSeconds(60), CancellationToken.None)).Id;
            commit = await store.CommitAsync(
                new() { Operations = [Putting("/a", "1"), StoreOperation.Put("/b", default, leaseId)] }, CancellationToken.None);
        }

        await using (var store = OpenIn(folder))
        {
            Assert.Equal(commit.Revision, (await store.GetAsync("/a", CancellationToken.None))!.ModRevision);
            await store.RenewLeaseAsync(leaseId, CancellationToken.None);
            var next = await store.CommitAsync(new() { Operations = [Putting("/a", "2")] }, CancellationToken.None);
            Assert.Equal(commit.Revision + 1, next.Revision);
            await foreach (var changes in store.WatchAsync("/", commit.Revision, CancellationToken.None))
            {
                Assert.Equal(["/a", "/b"], changes.Changes.Select(change => change.Key));
                break;
            }
        }
    }

    [Fact]
    public async Task A_lease_with_more_keys_than_a_page_of_history_is_told_in_one_piece()
    {
        using var folder = new TemporaryFolder();
        await using var store = OpenIn(folder);
        var lease = await store.GrantLeaseAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        for (var page = 0; page < 6; page++)
            await store.CommitAsync(
                new()
                {
                    Operations = [.. Enumerable.Range(0, 120).Select(number =>
                        StoreOperation.Put($"/k/{page}-{number}", default, lease.Id))],
                },
                CancellationToken.None);
        var revision = (await store.ListAsync("/", null, 1, CancellationToken.None)).Revision;
        await store.RevokeLeaseAsync(lease.Id, CancellationToken.None);
        await foreach (var changes in store.WatchAsync("/k/", revision + 1, CancellationToken.None))
        {
            Assert.Equal(720, changes.Changes.Count);
            break;
        }
    }

    [Fact]
    public async Task History_is_bounded()
    {
        using var folder = new TemporaryFolder();
        await using var store = OpenIn(folder);
        for (var number = 0; number < 12; number++)
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => store.CommitAsync(
                new() { Operations = [Putting("/a", new string('x', 100))] }, CancellationToken.None)));
        var revision = (await store.ListAsync("/", null, 1, CancellationToken.None)).Revision;
        var error = await Assert.ThrowsAsync<StoreCompactedException>(async () =>
        {
            await foreach (var _ in store.WatchAsync("/", 1, CancellationToken.None)) { }
        });
        Assert.InRange(revision - error.CompactedRevision, HistoryRevisionsMax, HistoryRevisionsMax * 11 / 10);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("cluster.db", new string('x', 4096));
        Assert.Throws<ClusterStoreException>(() => OpenIn(folder));
    }

    [Fact]
    public async Task A_store_that_was_lost_does_not_give_its_revisions_again()
    {
        using var folder = new TemporaryFolder();
        long revision;
        await using (var store = OpenIn(folder))
            revision = (await store.CommitAsync(new() { Operations = [Putting("/a", "1")] }, CancellationToken.None)).Revision;
        foreach (var file in Directory.GetFiles(folder.Path)) File.Delete(file);
        await using var next = OpenIn(folder);
        Assert.True((await next.ListAsync("/", null, 1, CancellationToken.None)).Revision > revision);
    }

    [Fact]
    public async Task A_closed_store_refuses_and_ends_its_watches()
    {
        using var folder = new TemporaryFolder();
        var store = OpenIn(folder);
        var first = (await store.ListAsync("/", null, 1, CancellationToken.None)).Revision + 1;
        await using var watch = store.WatchAsync("/", first, CancellationToken.None).GetAsyncEnumerator();
        await store.CommitAsync(new() { Operations = [Putting("/a", "1")] }, CancellationToken.None);
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ClusterStoreException>(() => next);
        await Assert.ThrowsAsync<ClusterStoreException>(() => store.GetAsync("/a", CancellationToken.None));
    }

    protected override Task<object> OpenAsync() => Task.FromResult<object>(OpenIn(_folder));

    protected override Task CloseAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    protected override async Task CompactAsync(object store, string prefix)
    {
        for (var number = 0; number < HistoryRevisionsMax * 12 / 10; number += 100)
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ((IClusterStore)store).CommitAsync(
                new() { Operations = [Putting($"{prefix}filler", "x")] }, CancellationToken.None)));
    }

    private static StoreOperation Putting(string key, string value) => StoreOperation.Put(key, Encoding.UTF8.GetBytes(value));

    private static EmbeddedStore OpenIn(TemporaryFolder folder) => EmbeddedStore.Open(
        folder.File("cluster.db"), HistoryRevisionsMax, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);
}
