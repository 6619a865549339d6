using Platform.Replication.Fencing;
using Platform.Replication.ObjectStore;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Fencing;

public sealed class EpochLeaseTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FolderObjectStore _folderStore;
    private readonly FaultyObjectStore _store;

    public EpochLeaseTests()
    {
        _folderStore = new FolderObjectStore(_folder["objects"]);
        _store = new FaultyObjectStore(_folderStore);
    }

    public void Dispose()
    {
        _folderStore.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_epoch_is_written_with_twenty_digits_and_its_node()
    {
        await AcquireAsync(42, "node-a");

        var content = await File.ReadAllTextAsync(_folder["objects/tenants/acme/lease/00000000000000000042.json"]);
        Assert.Contains("\"node\":\"node-a\"", content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_node_may_take_its_epoch_again()
    {
        await AcquireAsync(42, "node-a");
        await AcquireAsync(42, "node-a");
    }

    [Fact]
    public async Task A_lost_answer_does_not_lose_the_epoch()
    {
        _store.FailNext(ObjectOperations.Create, ObjectFault.LoseAnswer);
        await Assert.ThrowsAsync<ObjectStoreException>(() => AcquireAsync(42, "node-a"));

        await AcquireAsync(42, "node-a");
    }

    [Fact]
    public async Task The_epoch_of_another_node_is_refused()
    {
        await AcquireAsync(42, "node-a");

        var stale = await Assert.ThrowsAsync<StaleEpochException>(() => AcquireAsync(42, "node-b"));

        Assert.Contains("node-a", stale.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_epoch_below_one_on_record_is_refused_and_its_record_does_no_harm()
    {
        await AcquireAsync(100, "node-a");

        var stale = await Assert.ThrowsAsync<StaleEpochException>(() => AcquireAsync(99, "node-b"));

        Assert.Equal((99, 100), (stale.Epoch, stale.Newest));
        await AcquireAsync(100, "node-a");
        await AcquireAsync(101, "node-b");
    }

    [Fact]
    public async Task Of_two_that_race_the_lower_epoch_always_learns_of_the_higher_one()
    {
        var gate = _store.Hold(ObjectOperations.List);
        var lower = AcquireAsync(1, "node-a");
        await gate.ArrivalAsync(TimeSpan.FromSeconds(30));
        var higher = AcquireAsync(2, "node-b");
        await gate.ArrivalAsync(TimeSpan.FromSeconds(30));
        gate.Open();

        await higher;
        await Assert.ThrowsAsync<StaleEpochException>(() => lower);
    }

    [Fact]
    public async Task The_newest_two_records_are_kept()
    {
        foreach (var epoch in new[] { 3, 20, 100, 1000 })
        {
            await AcquireAsync(epoch, "node-a");
        }

        var names = Directory.GetFiles(_folder["objects/tenants/acme/lease"]).Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(["00000000000000000100", "00000000000000001000"], names.Order());
    }

    [Fact]
    public async Task A_record_that_is_none_belongs_to_nobody_here()
    {
        await _store.PutAsync("tenants/acme/lease/00000000000000000042.json", "{"u8.ToArray(), CancellationToken.None);
        await _store.PutAsync("tenants/acme/lease/notes.txt", "x"u8.ToArray(), CancellationToken.None);

        await Assert.ThrowsAsync<StaleEpochException>(() => AcquireAsync(42, "node-a"));
        await AcquireAsync(43, "node-a");
    }

    private Task AcquireAsync(long epoch, string node) => EpochLease.AcquireAsync(
        _store, "tenants/acme", epoch, node, TimeProvider.System, CancellationToken.None);
}
