using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Shipping;

/// <summary>Files that are too large for memory go to the store by way of the disk.</summary>
public sealed class LargeFileTests : IDisposable
{
    private const string Large =
        "with recursive n(x) as (select 1 union all select x + 1 from n where x < 100) "
        + "insert into t(v) select randomblob(100000) from n";

    private readonly ShippingWorld _world = new();

    private static CancellationToken None => CancellationToken.None;

    private string PendingPath => _world.DatabasePath("a") + "-pending";

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_large_transaction_is_offered_again_with_the_same_bytes_and_leaves_nothing_behind()
    {
        await using var owner = await _world.OpenAsync("a");
        owner.Database.Execute(Large);
        _world.Store.FailNext(ObjectOperations.Create, ObjectFault.FailBefore);
        await Assert.ThrowsAsync<ObjectStoreException>(() => owner.Replica.ShipAsync(None).AsTask());
        Assert.True(new FileInfo(PendingPath).Length > 10_000_000);

        _world.LoseNextAnswer();
        await Assert.ThrowsAsync<ObjectStoreException>(() => owner.Replica.ShipAsync(None).AsTask());
        owner.Database.Execute("insert into t(v) values('later')");
        Assert.Equal(new Txid(2), await owner.Replica.ShipAsync(None));
        Assert.False(File.Exists(PendingPath));
        await _world.RequireEqualAsync(owner);
    }

    [Fact]
    public async Task The_upload_of_a_large_file_goes_on_when_its_caller_has_given_up()
    {
        await using var owner = await _world.OpenAsync("a");
        owner.Database.Execute(Large);
        var gate = _world.Store.Hold(ObjectOperations.Create);
        using var impatience = new CancellationTokenSource();
        var first = owner.Replica.ShipAsync(impatience.Token).AsTask();
        await gate.ArrivalAsync(TimeSpan.FromSeconds(20));
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(owner.Replica.TryBeginCheckpoint());

        gate.Open();
        Assert.Equal(new Txid(1), await owner.Replica.ShipAsync(None));
        Assert.Equal(1, _world.Store.Traffic.Requests(ObjectOperations.Create));
        await _world.RequireEqualAsync(owner);
    }

    [Fact]
    public async Task A_replica_that_is_closed_ends_its_upload_and_removes_the_file()
    {
        var owner = await _world.OpenAsync("a");
        owner.Database.Execute(Large);
        var gate = _world.Store.Hold(ObjectOperations.Create);
        using var impatience = new CancellationTokenSource();
        var ship = owner.Replica.ShipAsync(impatience.Token).AsTask();
        await gate.ArrivalAsync(TimeSpan.FromSeconds(20));
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ship);
        await owner.KillAsync();
        await owner.Replica.DisposeAsync();
        Assert.False(File.Exists(PendingPath));
    }
}
