using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Platform.Messages.Tenants;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Shards;
using Platform.TenantShard.Tests.Hosting;

namespace Platform.TenantShard.Tests.Shards;

/// <summary>Which writes become one group, and for whom a group waits.</summary>
public sealed class GroupIntakeTests : IDisposable
{
    /// <summary>Longer than any test: who waits for that waits for the writers.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Channel<WriteOperation> _mailbox = Channel.CreateBounded<WriteOperation>(100);
    private readonly List<WriteOperation> _group = [];
    private readonly ShardMetrics _metrics;

    public GroupIntakeTests() => _metrics = new ShardMetrics(_services.GetRequiredService<IMeterFactory>());

    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void A_first_group_is_what_is_there()
    {
        using var intake = Intake();
        Write(3);
        Assert.True(Take(intake).IsCompleted);
        Assert.Equal(3, _group.Count);
    }

    [Fact]
    public async Task A_group_waits_for_the_writers_that_were_answered_together()
    {
        using var intake = Intake();
        intake.Answered(writers: 3, Long);
        Write(1);
        var taken = Take(intake);
        Write(1);
        Assert.False(taken.IsCompleted);
        Write(1);
        await taken.WaitAsync(Long);
        Assert.Equal(3, _group.Count);
    }

    [Fact]
    public async Task A_group_waits_for_those_too_whose_writes_came_while_the_last_one_was_stored()
    {
        using var intake = Intake();
        Write(2);
        intake.Answered(writers: 2, Long);
        var taken = Take(intake);
        Assert.False(taken.IsCompleted);
        Write(2);
        await taken.WaitAsync(Long);
        Assert.Equal(4, _group.Count);
    }

    [Fact]
    public void A_single_writer_does_not_wait()
    {
        using var intake = Intake();
        intake.Answered(writers: 1, Long);
        Write(1);
        Assert.True(Take(intake).IsCompleted);
    }

    [Fact]
    public async Task A_writer_that_does_not_come_is_not_waited_for_longer_than_the_last_group_took()
    {
        using var intake = Intake();
        intake.Answered(writers: 2, TimeSpan.FromMilliseconds(1));
        Write(1);
        await Take(intake).WaitAsync(Long);
        Assert.Single(_group);
    }

    [Fact]
    public async Task A_writer_that_does_not_come_is_not_waited_for_longer_than_the_limit()
    {
        using var intake = Intake(waitMax: TimeSpan.FromMilliseconds(1));
        intake.Answered(writers: 2, Long);
        Write(1);
        await Take(intake).WaitAsync(Long);
        Assert.Single(_group);
    }

    [Fact]
    public async Task Waits_that_were_for_nothing_become_rare_and_one_that_was_not_makes_them_usual_again()
    {
        using var intake = Intake();
        foreach (var unwaited in new[] { 2, 4, 8 })
        {
            intake.Answered(writers: 2, TimeSpan.FromMilliseconds(1));
            Write(1);
            await Take(intake).WaitAsync(Long);
            for (var group = 1; group < unwaited; group++)
            {
                intake.Answered(writers: 2, Long);
                Write(1);
                Assert.True(Take(intake).IsCompleted);
            }
        }

        for (var times = 0; times < 3; times++)
        {
            intake.Answered(writers: 2, Long);
            Write(1);
            var taken = Take(intake);
            Assert.False(taken.IsCompleted);
            Write(1);
            await taken.WaitAsync(Long);
            Assert.Equal(2, _group.Count);
        }
    }

    [Fact]
    public void Nobody_waits_when_the_limit_is_zero()
    {
        using var intake = Intake(waitMax: TimeSpan.Zero);
        intake.Answered(writers: 8, Long);
        Write(1);
        Assert.True(Take(intake).IsCompleted);
    }

    [Fact]
    public void Nobody_waits_in_local_durability()
    {
        using var intake = Intake(Durability.Local);
        intake.Answered(writers: 8, Long);
        Write(1);
        Assert.True(Take(intake).IsCompleted);
    }

    [Fact]
    public async Task A_shard_that_closes_is_not_waited_for()
    {
        using var intake = Intake();
        intake.Answered(writers: 8, Long);
        Write(1);
        var taken = Take(intake);
        _mailbox.Writer.Complete();
        await taken.WaitAsync(Long);
        Assert.Single(_group);
    }

    [Fact]
    public void A_group_has_no_more_writes_than_the_limit_and_is_not_waited_for_beyond_it()
    {
        using var intake = Intake();
        intake.Answered(writers: 60, Long);
        Write(40);
        Assert.True(Take(intake).IsCompleted);
        Assert.Equal(32, _group.Count);
    }

    [Fact]
    public async Task Writes_whose_clients_have_gone_do_not_run()
    {
        using var intake = Intake();
        var gone = Operation(new CancellationToken(canceled: true));
        Assert.True(_mailbox.Writer.TryWrite(gone));
        Write(1);
        await Take(intake);
        Assert.Single(_group);
        await Assert.ThrowsAsync<OperationCanceledException>(() => gone.Answer);
    }

    private GroupIntake Intake(Durability durability = Durability.Replicated, TimeSpan? waitMax = null) => new(
        _mailbox.Reader,
        _metrics,
        TimeProvider.System,
        new ShardHostOptions
        {
            CachePath = "unused",
            NodeId = "node",
            GroupCommandsMax = 32,
            WriteDeadline = Long,
            GroupWaitMax = waitMax ?? Long,
        },
        durability);

    private Task Take(GroupIntake intake) => intake.TakeAsync(_group).AsTask();

    private void Write(int count)
    {
        for (var index = 0; index < count; index++)
        {
            Assert.True(_mailbox.Writer.TryWrite(Operation(CancellationToken.None)));
        }
    }

    private static WriteOperation<bool> Operation(CancellationToken cancellationToken) =>
        new(new ShardHostFixture.SqlCommand("SELECT 1"), TimeProvider.System.GetTimestamp(), cancellationToken);
}
