using Platform.Replication.Ltx;
using Platform.Replication.Restoring;

namespace Platform.Replication.Tests.Restoring;

public sealed class RestorePlanTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void An_empty_replica_has_an_empty_plan_without_a_gap()
    {
        var plan = RestorePlan.ToLatest([]);
        Assert.Empty(plan.Files);
        Assert.Equal(Txid.None, plan.Reached);
        Assert.Null(plan.Gap);
        plan.ThrowIfGap();
    }

    [Fact]
    public void The_newest_snapshot_comes_first_and_then_what_reaches_furthest()
    {
        var plan = RestorePlan.ToLatest(
            [File(9, 1, 1), File(0, 2, 2), File(9, 1, 3), File(0, 3, 3), File(0, 4, 4), File(1, 3, 5), File(2, 4, 9),
             File(0, 5, 5), File(0, 10, 10)]);
        Assert.Equal([File(9, 1, 3), File(2, 4, 9), File(0, 10, 10)], plan.Files);
        Assert.Equal(new Txid(10), plan.Reached);
        Assert.Null(plan.Gap);
    }

    [Fact]
    public void A_replica_of_level_0_that_starts_with_transaction_1_is_enough() =>
        Assert.Equal(new Txid(3), RestorePlan.ToLatest([File(0, 1, 1), File(0, 2, 2), File(0, 3, 3)]).Reached);

    [Fact]
    public void Of_equal_files_the_higher_level_is_read() =>
        Assert.Equal(
            [File(9, 1, 2), File(2, 3, 4)],
            RestorePlan.ToLatest([File(1, 1, 2), File(9, 1, 2), File(2, 3, 4), File(1, 3, 4)]).Files);

    [Fact]
    public void A_gap_is_reported_with_both_its_ends()
    {
        var plan = RestorePlan.ToLatest([File(9, 1, 3), File(0, 4, 4), File(0, 6, 6), File(0, 7, 7)]);
        Assert.Equal(new Txid(4), plan.Reached);
        Assert.Equal(new RestoreGap(new Txid(4), new Txid(6)), plan.Gap);
        var error = Assert.Throws<LtxException>(plan.ThrowIfGap);
        Assert.Equal(LtxFault.NotContiguous, error.Fault);
        Assert.Contains("0000000000000004", error.Message, StringComparison.Ordinal);
        Assert.Contains("0000000000000006", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_without_a_snapshot_are_a_gap_from_the_start()
    {
        var plan = RestorePlan.ToLatest([File(9, 2, 9), File(0, 10, 10)]);
        Assert.Empty(plan.Files);
        Assert.Equal(new RestoreGap(Txid.None, new Txid(2)), plan.Gap);
    }

    [Fact]
    public void A_transaction_is_reached_by_files_that_do_not_go_past_it()
    {
        ReplicaFile[] files = [File(9, 1, 2), File(1, 3, 6), File(0, 3, 3), File(0, 4, 4), File(9, 1, 6)];
        Assert.Equal([File(9, 1, 2), File(0, 3, 3), File(0, 4, 4)], RestorePlan.ToTxid(files, new Txid(4)).Files);
        Assert.Equal(new Txid(4), RestorePlan.ToTxid(files, new Txid(5)).Reached);
        Assert.Equal([File(9, 1, 6)], RestorePlan.ToTxid(files, new Txid(6)).Files);
        Assert.Empty(RestorePlan.ToTxid(files, new Txid(1)).Files);
    }

    [Fact]
    public void A_moment_is_exclusive()
    {
        ReplicaFile[] files = [File(9, 1, 1), File(0, 2, 2), File(0, 3, 3)];
        Assert.Equal(new Txid(2), RestorePlan.ToMoment(files, Start.AddSeconds(3)).Reached);
        Assert.Equal(new Txid(3), RestorePlan.ToMoment(files, Start.AddSeconds(3).AddTicks(1)).Reached);
        Assert.Equal(Txid.None, RestorePlan.ToMoment(files, Start).Reached);
    }

    [Fact]
    public void Random_replicas_get_the_plan_of_the_step_by_step_rule()
    {
        var random = new Random(2024);
        for (var round = 0; round < 3000; round++)
        {
            var files = Enumerable.Range(0, random.Next(0, 14)).Select(_ => RandomFile(random)).ToArray();
            var target = new Txid((ulong)random.Next(1, 14));
            AssertSame(files, RestorePlan.ToLatest(files));
            AssertSame([.. files.Where(file => file.Max <= target)], RestorePlan.ToTxid(files, target));
        }
    }

    private static ReplicaFile RandomFile(Random random)
    {
        var min = random.Next(3) == 0 ? 1 : random.Next(1, 12);
        return File(min == 1 ? 9 : random.Next(0, 4), (ulong)min, (ulong)(min + random.Next(0, 4)));
    }

    /// <summary>The rule as it is written down, one full search a step.</summary>
    private static void AssertSame(ReplicaFile[] files, RestorePlan plan)
    {
        var expected = new List<ReplicaFile>();
        ulong current = 0;
        while (files.Where(file => file.Min.Value <= current + 1 && file.Max.Value > current)
            .OrderByDescending(file => file.Max).ThenBy(file => file.Min).ThenByDescending(file => file.Level)
            .Cast<ReplicaFile?>().FirstOrDefault() is { } file)
        {
            expected.Add(file);
            current = file.Max.Value;
        }

        Assert.Equal(expected, plan.Files);
        var beyond = files.Where(file => file.Min.Value > current + 1).Select(file => file.Min).Order().ToArray();
        Assert.Equal(beyond.Length == 0 ? null : new RestoreGap(new Txid(current), beyond[0]), plan.Gap);
    }

    private static ReplicaFile File(int level, ulong min, ulong max) =>
        new(level, new Txid(min), new Txid(max), Start.AddSeconds(max));
}
