using Platform.Cluster.Membership;
using Platform.Messages.Identity;
using Platform.Testing;

namespace Platform.Cluster.Tests.Membership;

public sealed class ReleasedTenantsTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private readonly SimulatedTime _time = new();

    [Fact]
    public void A_tenant_that_was_let_go_is_served_again_when_nobody_comes_back_to_it()
    {
        var released = new ReleasedTenants(_time);
        released.Hold(Acme, 7, TimeSpan.FromSeconds(5));
        Assert.True(released.Contains(Acme, 7));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(released.Contains(Acme, 7));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(released.Contains(Acme, 7));
    }

    [Fact]
    public void It_is_let_go_under_its_epoch_only()
    {
        var released = new ReleasedTenants(_time);
        released.Hold(Acme, 7, TimeSpan.FromSeconds(5));
        Assert.False(released.Contains(Acme, 8));
        released.Hold(Acme, 8, TimeSpan.FromSeconds(5));
        released.Remove(Acme);
        Assert.False(released.Contains(Acme, 8));
    }
}
