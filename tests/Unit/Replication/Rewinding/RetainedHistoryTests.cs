using Platform.Replication.Ltx;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;
using Platform.Replication.Tests.Shipping;

namespace Platform.Replication.Tests.Rewinding;

public sealed class RetainedHistoryTests : IDisposable
{
    private readonly RewindWorld _world = new();

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Each_point_has_its_time_and_the_moment_of_it_is_the_first_that_has_it()
    {
        await WriteAsync(transactions: 6);
        var history = await ReadAsync();
        Assert.Equal(Enumerable.Range(1, 6).Select(txid => new Txid((ulong)txid)), history.Points.Select(point => point.Txid));
        var times = await history.ReadTimesAsync(history.Points, None);
        Assert.Equal(times.Order(), times);
        foreach (var (point, time) in history.Points.Zip(times))
        {
            var after = await history.FindAsync(RestoreTarget.Before(time.AddMilliseconds(1)), None);
            Assert.Equal(history.Points.Last(other => times[history.Points.ToList().IndexOf(other)] <= time), after);
            Assert.True(point.Txid <= after.Txid);
        }
    }

    [Fact]
    public async Task A_moment_before_everything_names_what_there_is()
    {
        await WriteAsync(transactions: 2);
        var refused = await Assert.ThrowsAsync<NotRetainedException>(async () =>
            await (await ReadAsync()).FindAsync(RestoreTarget.Before(DateTimeOffset.UnixEpoch), None));
        Assert.Contains("transaction 0000000000000001", refused.Message);
        Assert.Contains("transaction 0000000000000002", refused.Message);
    }

    [Fact]
    public async Task A_transaction_of_the_future_is_refused()
    {
        await WriteAsync(transactions: 2);
        var refused = await Assert.ThrowsAsync<NotRetainedException>(async () =>
            await (await ReadAsync()).FindAsync(RestoreTarget.At(new Txid(3)), None));
        Assert.StartsWith("There is no transaction 0000000000000003 yet.", refused.Message);
    }

    [Fact]
    public async Task A_transaction_inside_a_merged_file_is_refused_with_its_neighbours()
    {
        await WriteAsync(transactions: 6);
        await MergeAsync(2, 5);
        var history = await ReadAsync();
        Assert.Equal([1UL, 5, 6], history.Points.Select(point => point.Txid.Value));
        var refused = await Assert.ThrowsAsync<NotRetainedException>(
            () => history.FindAsync(RestoreTarget.At(new Txid(3)), None));
        Assert.Contains("0000000000000001 and 0000000000000005", refused.Message);
    }

    [Fact]
    public async Task What_a_cut_off_deletion_left_of_a_merged_group_is_no_gap()
    {
        await WriteAsync(transactions: 6);
        var kept = await File.ReadAllBytesAsync(_world.World.File0(4));
        await MergeAsync(2, 5);
        await File.WriteAllBytesAsync(_world.World.File0(4), kept);
        var history = await ReadAsync();
        Assert.Equal([1UL, 5, 6], history.Points.Select(point => point.Txid.Value));
        var first = history.Points[0];
        var time = await history.ReadTimeAsync(history.Points[1], None);
        Assert.Equal(first, await history.FindAsync(RestoreTarget.Before(time), None));
    }

    [Fact]
    public async Task A_moment_behind_a_gap_is_refused_and_one_before_it_is_not()
    {
        await WriteAsync(transactions: 4);
        var time = await (await ReadAsync()).ReadTimeAsync((await ReadAsync()).Points[3], None);
        File.Delete(_world.World.File0(3));
        var history = await ReadAsync();
        Assert.Equal([1UL, 2], history.Points.Select(point => point.Txid.Value));
        Assert.Equal(new Txid(4), history.Newest);
        var broken = await Assert.ThrowsAsync<RestoreException>(
            () => history.FindAsync(RestoreTarget.Before(time.AddMilliseconds(1)), None));
        Assert.Contains("after transaction 0000000000000002", broken.Message);
        var second = await history.ReadTimeAsync(history.Points[1], None);
        Assert.Equal(
            history.Points[1], await history.FindAsync(RestoreTarget.Before(second.AddMilliseconds(1)), None));
    }

    [Fact]
    public async Task An_empty_replica_has_no_history_and_one_without_a_snapshot_is_broken()
    {
        Assert.Empty((await ReadAsync()).Points);
        await Assert.ThrowsAsync<NotRetainedException>(async () =>
            await (await ReadAsync()).FindAsync(RestoreTarget.Newest, None));
        await WriteAsync(transactions: 2);
        File.Delete(_world.World.File0(1));
        await Assert.ThrowsAsync<RestoreException>(async () =>
            await (await ReadAsync()).FindAsync(RestoreTarget.Newest, None));
    }

    private Task<RetainedHistory> ReadAsync() =>
        RetainedHistory.ReadAsync(_world.World.Store, ShippingWorld.ReplicaPath, None);

    // Each in a millisecond of its own.
    private async Task WriteAsync(int transactions)
    {
        await using var owner = await _world.World.OpenAsync("a");
        for (var id = 1; id <= transactions; id++)
        {
            await _world.WriteAsync(owner, $"insert into t values({id}, 'row')");
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            SpinWait.SpinUntil(() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() > now + 1);
        }
    }

    private async Task MergeAsync(ulong min, ulong max)
    {
        using var output = new LtxWriter();
        var inputs = new List<Stream>();
        for (var txid = min; txid <= max; txid++)
        {
            inputs.Add(new MemoryStream(await File.ReadAllBytesAsync(_world.World.File0(txid))));
            File.Delete(_world.World.File0(txid));
        }

        var merged = await Replication.Compaction.LtxMerger.MergeAsync(inputs, output, None);
        var folder = Directory.CreateDirectory(Path.Combine(_world.World.ReplicaFolder, "ltx", "1")).FullName;
        await File.WriteAllBytesAsync(
            Path.Combine(folder, LtxFileName.Format(new Txid(min), new Txid(max))), merged.ToArray());
    }
}
