using Platform.Replication.Ltx;
using Platform.Replication.Shipping;

namespace Platform.Replication.Tests.Shipping;

public sealed class SnapshotPolicyTests
{
    private static readonly SnapshotPolicy Policy = new()
    {
        FilesMax = 100,
        FilesMin = 3,
        BytesMax = 1000,
        BytesShareMax = 0.5,
    };

    [Theory]
    [InlineData(0, 0, 0, false)]
    [InlineData(99, 999, 0, false)]
    [InlineData(100, 0, 1_000_000, true)]
    [InlineData(2, 5000, 0, false)]
    [InlineData(3, 999, 0, false)]
    [InlineData(3, 1000, 2000, true)]
    [InlineData(3, 1000, 2001, false)]
    public void A_snapshot_is_due_by_files_or_by_bytes_in_relation_to_the_database(
        int files, long bytes, long databaseBytes, bool expected)
    {
        Assert.Equal(expected, Policy.IsDue(new RestoreCost(files, bytes), databaseBytes));
    }

    [Fact]
    public async Task The_cost_of_a_restore_is_known_from_the_start_and_falls_with_a_snapshot()
    {
        using var world = new ShippingWorld();
        long bytes;
        await using (var owner = await world.OpenAsync("a"))
        {
            Assert.Equal(default, owner.Replica.RestoreCost);
            await owner.WriteAsync("insert into t values(1, 'one')");
            Assert.Equal(default, owner.Replica.RestoreCost);
            await owner.WriteAsync("insert into t values(2, 'two')");
            await owner.WriteAsync("insert into t values(3, randomblob(10000))");

            bytes = new FileInfo(world.File0(2)).Length + new FileInfo(world.File0(3)).Length;
            Assert.Equal(new RestoreCost(2, bytes), owner.Replica.RestoreCost);
        }

        await using var later = await world.OpenAsync("b");
        Assert.Equal(new RestoreCost(2, bytes), later.Replica.RestoreCost);
        Assert.True(await later.Replica.SnapshotAsync(CancellationToken.None));
        Assert.Equal(default, later.Replica.RestoreCost);
        Assert.Equal(new Txid(4), await later.WriteAsync("insert into t values(4, 'four')"));
        Assert.Equal(1, later.Replica.RestoreCost.Files);

        await using var last = await world.OpenAsync("c");
        Assert.Equal(later.Replica.RestoreCost, last.Replica.RestoreCost);
    }
}
