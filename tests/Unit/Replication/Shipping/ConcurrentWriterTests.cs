using Platform.Replication.Ltx;

namespace Platform.Replication.Tests.Shipping;

/// <summary>Local durability: the writer commits on while its commits are shipped beside it.</summary>
public sealed class ConcurrentWriterTests : IDisposable
{
    private readonly ShippingWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Shipping_and_snapshots_beside_a_busy_writer_lose_and_mix_nothing()
    {
        await using var owner = await _world.OpenAsync("a");
        using var turns = new SemaphoreSlim(1);
        var writer = Task.Run(() => WriteManyAsync(owner, turns));
        var snapshots = 0;
        while (!writer.IsCompleted)
        {
            await turns.WaitAsync();
            await owner.Replica.ShipAsync(CancellationToken.None);
            turns.Release();
            snapshots += await owner.Replica.SnapshotAsync(CancellationToken.None) ? 1 : 0;
        }

        await writer;
        await owner.Replica.ShipAsync(CancellationToken.None);

        Assert.True(owner.Replica.Position > new Txid(1));
        Assert.True(snapshots > 0);
        await _world.RequireEqualAsync(owner);
        Assert.DoesNotContain(_world.Log.Entries, entry => entry.EventId == 1001);
    }

    private static async Task WriteManyAsync(ShippingWorld.Owner owner, SemaphoreSlim turns)
    {
        var random = new Random(1);
        for (var id = 1; id <= 400; id++)
        {
            owner.Database.Execute($"insert into t values({id}, randomblob({random.Next(1, 12000)}))");
            if (id % 5 == 0)
            {
                owner.Database.Execute($"delete from t where id % 3 = {random.Next(3)}");
            }

            if (id % 50 == 0)
            {
                owner.Database.Execute("vacuum");
                await turns.WaitAsync();
                await owner.Replica.ShipAsync(CancellationToken.None);
                while (!owner.Checkpoint(id % 100 == 0 ? "truncate" : "restart"))
                {
                    // A snapshot is being written; it ends.
                    await Task.Yield();
                }

                turns.Release();
            }
        }
    }
}
