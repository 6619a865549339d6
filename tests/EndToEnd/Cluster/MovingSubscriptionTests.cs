using System.Globalization;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>The official JavaScript SDK keeps its subscriptions while its tenant moves.</summary>
public sealed class MovingSubscriptionTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    [Fact]
    public async Task Subscriptions_of_the_sdk_deliver_after_their_tenant_has_moved()
    {
        const string Tenant = "subscribed";
        var (status, body) = await cluster.AdminAsync(
            "POST", "api/cp/tenants",
            new { id = Tenant, superuser = new { email = ClusterTenant.Email, password = ClusterTenant.Password } });
        Assert.True(status == 201, $"{status}: {body}");
        var gateway = cluster.Processes["gw1"].Public;
        var output = await NodeScript.RunAsync(
            "tests/EndToEnd/Sdk/scripts", "moving.test.mjs", null, new Dictionary<string, string>
            {
                ["TENANT_ID"] = Tenant,
                ["TENANT_URL"] = string.Create(CultureInfo.InvariantCulture, $"http://{Tenant}.localhost:{gateway.Port}/"),
                ["TENANT_EMAIL"] = ClusterTenant.Email,
                ["TENANT_PASSWORD"] = ClusterTenant.Password,
                ["OPERATOR_URL"] = cluster.Processes["cp1"].Public.ToString(),
                ["OPERATOR_TOKEN"] = cluster.AdminToken,
                ["NODES"] = string.Join(',', cluster.Nodes),
            });
        Assert.Matches(@"# pass [1-9]", output);
        Assert.Matches(@"# fail 0", output);
    }
}
