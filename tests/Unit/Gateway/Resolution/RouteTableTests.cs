using Platform.Gateway.Resolution;
using Platform.Messages.Identity;

namespace Platform.Gateway.Tests.Resolution;

public sealed class RouteTableTests
{
    private readonly RouteTable _routes = new();

    [Fact]
    public void A_domain_that_a_tenant_gives_up_stops_answering()
    {
        _routes.Apply(Tenants.Describe("acme", "a.example", "b.example"));
        _routes.Apply(Tenants.Describe("acme", "b.example"));

        Assert.False(_routes.TryGetDomain("a.example", out _));
        Assert.True(_routes.TryGetDomain("b.example", out var tenant));
        Assert.Equal(["b.example"], tenant.Domains);
    }

    [Fact]
    public void A_domain_that_moved_to_another_tenant_survives_the_change_of_its_old_owner()
    {
        _routes.Apply(Tenants.Describe("acme", "a.example"));
        _routes.Apply(Tenants.Describe("globex", "a.example"));
        _routes.Apply(Tenants.Describe("acme"));

        Assert.True(_routes.TryGetDomain("a.example", out var tenant));
        Assert.Equal("globex", tenant.Id.Value);
    }

    [Fact]
    public void A_removed_tenant_leaves_nothing_behind()
    {
        _routes.Apply(Tenants.Describe("acme", "a.example"));
        _routes.Remove(TenantId.Parse("acme"));
        _routes.Remove(TenantId.Parse("acme"));

        Assert.Equal(0, _routes.Count);
        Assert.False(_routes.TryGetTenant("acme", out _));
        Assert.False(_routes.TryGetDomain("a.example", out _));
    }
}
