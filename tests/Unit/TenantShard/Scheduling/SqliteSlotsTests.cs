using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Scheduling;

namespace Platform.TenantShard.Tests.Scheduling;

public sealed class SqliteSlotsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task A_free_slot_is_entered_without_waiting()
    {
        var slots = new SqliteSlots(2, 8, Deadline, TimeProvider.System);
        var entering = slots.EnterAsync(new SlotQueue(), isBounded: true, default);
        Assert.True(entering.IsCompletedSuccessfully);
        (await entering).Dispose();
    }

    [Fact]
    public async Task A_shard_is_charged_for_the_time_that_its_turns_run()
    {
        var clock = new StoppedClock();
        var slots = new SqliteSlots(4, 8, Deadline, clock);
        var queue = new SlotQueue();
        using var connection = DatabaseConnection.Open(":memory:", new ConnectionOptions(IsReadOnly: false));
        for (var turn = 0; turn < 2; turn++)
        {
            using var slot = await slots.EnterAsync(queue, isBounded: true, default);
            clock.Now += TimeSpan.FromSeconds(1);
            slot.Run(connection);
            clock.Now += TimeSpan.FromSeconds(3);
            slots.Restart(connection);
            clock.Now += TimeSpan.FromSeconds(4);
        }

        (await slots.EnterAsync(queue, isBounded: true, default)).Dispose();
        Assert.Equal(TimeSpan.FromSeconds(14), queue.Busy);
    }

    [Fact]
    public async Task One_shard_never_holds_more_than_half_of_the_slots()
    {
        var slots = new SqliteSlots(4, 8, Deadline, TimeProvider.System);
        var greedy = new SlotQueue();
        var first = await slots.EnterAsync(greedy, isBounded: true, default);
        using var second = await slots.EnterAsync(greedy, isBounded: true, default);
        var third = slots.EnterAsync(greedy, isBounded: true, default);
        Assert.False(third.IsCompleted);
        var neighbour = slots.EnterAsync(new SlotQueue(), isBounded: true, default);
        Assert.True(neighbour.IsCompletedSuccessfully);
        (await neighbour).Dispose();
        first.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task When_memory_is_short_the_turn_that_runs_longest_is_stopped()
    {
        using var folder = new TemporaryFolder();
        var slots = new SqliteSlots(4, 8, TimeSpan.FromMinutes(1), TimeProvider.System);
        Assert.Equal(0, slots.InterruptLongest());
        using var first = DatabaseConnection.Open(folder.File("a.db"), new ConnectionOptions(IsReadOnly: false));
        using var second = DatabaseConnection.Open(folder.File("b.db"), new ConnectionOptions(IsReadOnly: false));
        using var older = await slots.EnterAsync(new SlotQueue(), isBounded: true, default);
        using var newer = await slots.EnterAsync(new SlotQueue(), isBounded: true, default);
        older.Run(first);
        newer.Run(second);
        using var forever = first.Prepare(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n");
        var running = Task.Run(() => Assert.Throws<DatabaseException>(() => forever.Step()));

        while (!running.IsCompleted) Assert.Equal(1, slots.InterruptLongest());

        Assert.True((await running).IsInterrupted);
        Assert.True(older.IsStoppedForMemory);
        Assert.False(newer.IsStoppedForMemory);
        older.Run(first);
        Assert.False(older.IsStoppedForMemory);
    }

    [Fact]
    public async Task Waiting_shards_take_turns_however_many_requests_each_has()
    {
        var slots = new SqliteSlots(1, 100, Deadline, TimeProvider.System);
        var (busy, quiet) = (new SlotQueue(), new SlotQueue());
        var holder = await slots.EnterAsync(new SlotQueue(), isBounded: true, default);
        var order = new List<string>();
        var waiting = new List<Task>();
        for (var request = 0; request < 10; request++) waiting.Add(TakeTurnAsync("busy", busy));
        waiting.Add(TakeTurnAsync("quiet", quiet));
        holder.Dispose();
        await Task.WhenAll(waiting);
        Assert.Equal(1, order.IndexOf("quiet"));
        Assert.Equal(11, order.Count);

        async Task TakeTurnAsync(string name, SlotQueue queue)
        {
            using var slot = await slots.EnterAsync(queue, isBounded: true, default);
            order.Add(name);
        }
    }

    [Fact]
    public async Task One_request_over_the_waiting_limit_is_refused_with_503()
    {
        var slots = new SqliteSlots(1, 2, Deadline, TimeProvider.System);
        var queue = new SlotQueue();
        using var holder = await slots.EnterAsync(queue, isBounded: true, default);
        _ = slots.EnterAsync(queue, isBounded: true, default).AsTask();
        _ = slots.EnterAsync(queue, isBounded: true, default).AsTask();
        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => slots.EnterAsync(queue, isBounded: true, default).AsTask());
        Assert.Equal(503, refusal.Status);
        var drain = slots.EnterAsync(queue, isBounded: false, default).AsTask();
        Assert.False(drain.IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_waiter_loses_no_slot()
    {
        var slots = new SqliteSlots(1, 8, Deadline, TimeProvider.System);
        var queue = new SlotQueue();
        var holder = await slots.EnterAsync(queue, isBounded: true, default);
        using var cancellation = new CancellationTokenSource();
        var cancelled = slots.EnterAsync(queue, isBounded: true, cancellation.Token).AsTask();
        var patient = slots.EnterAsync(queue, isBounded: true, default).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        holder.Dispose();
        (await patient).Dispose();
        (await slots.EnterAsync(queue, isBounded: true, default)).Dispose();
    }

    [Fact]
    public async Task A_statement_past_its_deadline_is_interrupted()
    {
        using var folder = new TemporaryFolder();
        using var connection = DatabaseConnection.Open(
            folder.File("a.db"), new ConnectionOptions(IsReadOnly: false));
        var slots = new SqliteSlots(1, 8, Deadline, TimeProvider.System);
        using var slot = await slots.EnterAsync(new SlotQueue(), isBounded: true, default);
        slot.Run(connection);
        using var stopping = new CancellationTokenSource();
        var watchdog = Task.Run(async () =>
        {
            while (slots.InterruptOverdue() == 0) await Task.Yield();
        });
        using var endless = connection.Prepare(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n");
        var failure = Assert.Throws<DatabaseException>(() => endless.Step());
        Assert.True(failure.IsInterrupted);
        await watchdog;
    }

    private sealed class StoppedClock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
