using Platform.Replication.Fencing;
using Platform.Replication.Ltx;
using Platform.Replication.Shipping;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Shipping;

/// <summary>Openings from what the last clean close in the same process left: they ask nothing of the store.</summary>
public sealed class ReplicaMemoryTests : IDisposable
{
    private readonly ShippingWorld _world = new() { Lineage = "acme, first" };

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_clean_close_can_be_opened_again_without_a_request_and_goes_on()
    {
        var memory = await WriteAndCloseAsync();
        var requests = _world.Store.Traffic.Requests(ObjectOperations.All);

        var replica = memory.TryReopen(_world.Options("a"));

        Assert.NotNull(replica);
        Assert.Equal((Opening.Continued, new Txid(2)), (replica.Opening, replica.Position));
        Assert.Equal(requests, _world.Store.Traffic.Requests(ObjectOperations.All));
        await using var owner = _world.Use("a", replica);
        Assert.Equal("2", owner.Database.Scalar("select count(*) from t"));
        Assert.Equal(new Txid(3), await owner.WriteAsync("insert into t values(3, 'three')"));
        Assert.Equal(requests + 1, _world.Store.Traffic.Requests(ObjectOperations.All));
        await _world.RequireEqualAsync(owner);
        Assert.DoesNotContain(_world.Log.Entries, entry => entry.EventId == 1001);
    }

    [Fact]
    public async Task A_kill_after_it_is_judged_as_after_any_opening()
    {
        var memory = await WriteAndCloseAsync();
        await using (var owner = _world.Use("a", memory.TryReopen(_world.Options("a"))!))
        {
            await owner.WriteAsync("insert into t values(3, 'three')");
            owner.Database.Execute("insert into t values(4, 'not shipped')");
        }

        await using var again = await _world.OpenAsync("a");
        Assert.Equal((Opening.Continued, new Txid(3)), (again.Replica.Opening, again.Replica.Position));
        Assert.Equal("4", again.Database.Scalar("select count(*) from t"));
        await again.Replica.ShipAsync(CancellationToken.None);
        await _world.RequireEqualAsync(again);
    }

    [Theory]
    [InlineData("written")]
    [InlineData("gone")]
    [InlineData("wal")]
    [InlineData("no record")]
    [InlineData("another tenant")]
    public async Task A_local_file_that_is_not_as_it_was_left_is_not_believed(string what)
    {
        var memory = await WriteAndCloseAsync();
        var path = _world.DatabasePath("a");
        var options = _world.Options("a");
        switch (what)
        {
            case "written":
                var content = await File.ReadAllBytesAsync(path);
                content[^1] ^= 1;
                await File.WriteAllBytesAsync(path, content);
                break;
            case "gone":
                File.Delete(path);
                break;
            case "wal":
                await File.WriteAllBytesAsync(path + "-wal", new byte[100]);
                break;
            case "no record":
                File.Delete(path + "-position");
                break;
            default:
                options = options with { Lineage = "acme, second" };
                break;
        }

        Assert.Null(memory.TryReopen(options));

        await using var owner = await _world.OpenAsync("a");
        Assert.Equal("2", owner.Database.Scalar("select count(*) from t"));
    }

    [Fact]
    public async Task Whoever_wrote_meanwhile_fences_it()
    {
        var memory = await WriteAndCloseAsync();
        await using (var other = await _world.OpenAsync("b"))
        {
            await other.WriteAsync("insert into t values(3, 'of another owner')");
        }

        await using var owner = _world.Use("a", memory.TryReopen(_world.Options("a"))!);

        await Assert.ThrowsAsync<FencedException>(() => owner.WriteAsync("insert into t values(3, 'late')"));
    }

    [Fact]
    public async Task A_database_that_was_never_written_to_is_empty_again_without_a_request()
    {
        var owner = await _world.OpenAsync("a");
        owner.Database.Dispose();
        await owner.Replica.CloseAsync(clean: true, CancellationToken.None);
        var requests = _world.Store.Traffic.Requests(ObjectOperations.All);

        var replica = owner.Replica.Memory!.TryReopen(_world.Options("a"));

        Assert.Equal(Opening.Empty, replica!.Opening);
        Assert.Equal(requests, _world.Store.Traffic.Requests(ObjectOperations.All));
        await using var again = _world.Use("a", replica);
        Assert.Equal(new Txid(1), await again.WriteAsync("insert into t values(1, 'one')"));
    }

    [Fact]
    public async Task What_was_not_closed_cleanly_is_not_remembered()
    {
        var owner = await _world.OpenAsync("a");
        await owner.WriteAsync("insert into t values(1, 'one')");
        owner.Database.Execute("insert into t values(2, 'not shipped')");
        owner.Database.Dispose();

        await owner.Replica.CloseAsync(clean: true, CancellationToken.None);

        Assert.Null(owner.Replica.Memory);
    }

    private async Task<ReplicaMemory> WriteAndCloseAsync()
    {
        var owner = await _world.OpenAsync("a");
        await owner.WriteAsync("insert into t values(1, 'one')");
        await owner.WriteAsync("insert into t values(2, randomblob(9000))");
        await owner.CloseCleanAsync();
        return owner.Replica.Memory!;
    }
}
