using Platform.Cluster.Membership;
using Platform.Testing;

namespace Platform.Cluster.Tests.Membership;

public sealed class HeldLeaseTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(8.9, 0, true)]
    [InlineData(9.0, 0, false)]
    [InlineData(8.9, -60, true)]
    [InlineData(9.0, -60, false)]
    [InlineData(1, 8.0, false)]
    [InlineData(1, 7.9, true)]
    public async Task A_lease_is_held_by_both_clocks_and_a_margin_early(double passed, double wallClockMoved, bool isHeld)
    {
        await using var cluster = await MembershipFixture.StartAsync();
        var time = new SimulatedTime();
        var lease = new HeldLease(cluster.Store, Ttl, time, HeldLease.SafeMargin);
        Assert.False(lease.IsHeld);
        await lease.GrantAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(passed));
        time.SetWallClock(TimeSpan.FromSeconds(wallClockMoved));
        Assert.Equal(isHeld, lease.IsHeld);
    }

    [Fact]
    public async Task A_lease_that_was_given_back_is_not_held()
    {
        await using var cluster = await MembershipFixture.StartAsync();
        var lease = new HeldLease(cluster.Store, Ttl, TimeProvider.System, HeldLease.SafeMargin);
        await lease.GrantAsync(CancellationToken.None);
        await lease.RevokeAsync(CancellationToken.None);
        Assert.False(lease.IsHeld);
    }
}
