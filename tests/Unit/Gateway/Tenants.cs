using Platform.Gateway.Resolution;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.Gateway.Tests;

internal static class Tenants
{
    public static TenantDescriptor Describe(string id, params string[] domains) => new()
    {
        Id = TenantId.Parse(id),
        Domains = domains,
        Created = DateTimeOffset.UnixEpoch,
        Updated = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Two living tenants, one of them with a domain, and a deleted one with a domain.</summary>
    public static RouteTable Table()
    {
        var routes = new RouteTable();
        routes.Apply(Describe("acme", "shop.example.com", "xn--mnchen-3ya.example"));
        routes.Apply(Describe("globex"));
        routes.Apply(Describe("gone", "gone.example.com") with { Status = TenantStatus.Deleted });
        return routes;
    }
}
