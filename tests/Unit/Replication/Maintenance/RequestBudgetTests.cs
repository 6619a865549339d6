using Platform.Replication.Maintenance;
using Platform.Replication.Shipping;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Maintenance;

/// <summary>The promise of docs/cost-model.md, with all at its default: what a quiet database asks for in a month.</summary>
public sealed class RequestBudgetTests : IDisposable
{
    private const int Days = 30;
    private const ObjectOperations PaidLikeWrites = ObjectOperations.Create | ObjectOperations.Put | ObjectOperations.List;

    private readonly UpkeepWorld _world = new() { Options = new UpkeepOptions { Retention = TimeSpan.FromHours(24) } };

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task One_write_an_hour_costs_its_writes_and_a_handful_of_requests_a_day()
    {
        var owner = await _world.OpenAsync("a");
        var memory = await LiveAsync(owner, days: 3, writesPerDay: 24);
        var (paid, all) = (_world.Store.Traffic.Requests(PaidLikeWrites), _world.Store.Traffic.Requests(ObjectOperations.All));

        await LiveAsync(await _world.OpenAsync("a", memory: memory), Days, writesPerDay: 24);

        // 24 writes a day, at most two merges or snapshots, and what those read.
        Assert.InRange(_world.Store.Traffic.Requests(PaidLikeWrites) - paid, Days * 24, Days * 26);
        Assert.InRange(_world.Store.Traffic.Requests(ObjectOperations.All) - all, Days * 24, Days * 48);
    }

    [Fact]
    public async Task A_database_that_is_opened_and_read_every_day_costs_no_request()
    {
        var owner = await _world.OpenAsync("a");
        var memory = await LiveAsync(owner, days: 3, writesPerDay: 24);
        var all = _world.Store.Traffic.Requests(ObjectOperations.All);

        await LiveAsync(await _world.OpenAsync("a", memory: memory), Days, writesPerDay: 0);

        Assert.Equal(all, _world.Store.Traffic.Requests(ObjectOperations.All));
    }

    /// <summary>Opened for five minutes each hour, as a node does for a request; with upkeep when it is due.</summary>
    private async Task<ReplicaMemory> LiveAsync(UpkeepWorld.Owner owner, int days, int writesPerDay)
    {
        ReplicaMemory? memory = null;
        for (var hour = 0; hour < days * 24; hour++)
        {
            owner = memory is null ? owner : await _world.OpenAsync("a", memory: memory);
            if (hour % 24 < writesPerDay) await owner.WriteAsync("insert into t(v) values(randomblob(100))");
            _world.Time.Advance(TimeSpan.FromMinutes(5));
            if (owner.Upkeep.IsDue) await owner.Upkeep.RunAsync(CancellationToken.None);
            await owner.CloseCleanAsync();
            memory = owner.Replica.Memory!;
            _world.Time.Advance(TimeSpan.FromMinutes(55));
        }

        return memory!;
    }
}
