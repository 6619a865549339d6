using Platform.Messages.Tenants;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Tests.Hosting;

/// <summary>A node that may have been taken for lost acknowledges nothing.</summary>
public sealed class ShardLeaseTests
{
    [Theory]
    [InlineData(Durability.Replicated)]
    [InlineData(Durability.Local)]
    public async Task No_write_is_acknowledged_while_the_node_is_no_member(Durability durability)
    {
        await using var node = new ShardHostFixture();
        var tenant = node.Add("acme", durability);
        await node.ExecuteAsync(tenant, "create table t (x)");
        node.IsServing = false;
        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => node.ExecuteAsync(tenant, "insert into t values (1)"));
        Assert.Equal(503, refusal.Status);
        Assert.Equal(0, await node.ScalarAsync(tenant, "select count(*) from t"));
        node.IsServing = true;
        await node.ExecuteAsync(tenant, "insert into t values (2)");
        Assert.Equal(1, await node.ScalarAsync(tenant, "select count(*) from t"));
    }
}
