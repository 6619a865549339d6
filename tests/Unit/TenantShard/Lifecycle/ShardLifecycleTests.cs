using Platform.TenantShard.Lifecycle;

namespace Platform.TenantShard.Tests.Lifecycle;

public sealed class ShardLifecycleTests
{
    [Fact]
    public void A_shard_is_deployed_used_idle_used_drained_and_evicted()
    {
        var lifecycle = new ShardLifecycle();
        ShardState[] life =
        [
            ShardState.Active, ShardState.Idle, ShardState.Active, ShardState.Draining, ShardState.Evicted,
        ];
        foreach (var state in life)
        {
            Assert.True(lifecycle.TryMove(state));
            Assert.Equal(state, lifecycle.State);
        }
    }

    [Theory]
    [InlineData(nameof(ShardState.Fenced))]
    [InlineData(nameof(ShardState.Faulted))]
    public void A_fenced_or_faulted_shard_stays_so(string end)
    {
        var lifecycle = new ShardLifecycle();
        lifecycle.TryMove(ShardState.Active);
        Assert.True(lifecycle.TryMove(Enum.Parse<ShardState>(end)));
        foreach (var next in Enum.GetValues<ShardState>()) Assert.False(lifecycle.TryMove(next));
    }

    [Fact]
    public void A_draining_shard_never_becomes_active_again()
    {
        var lifecycle = new ShardLifecycle();
        lifecycle.TryMove(ShardState.Active);
        lifecycle.TryMove(ShardState.Draining);
        Assert.False(lifecycle.TryMove(ShardState.Active));
        Assert.Equal(ShardState.Draining, lifecycle.State);
    }
}
