using Microsoft.AspNetCore.Http;
using Platform.Gateway.Forwarding;
using Platform.Messages.Identity;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Tenants;

/// <summary>A node that runs no tenants: every request of one is answered with 503.</summary>
internal sealed class ClosedTenants(int activeMax) : ITenantHost
{
    public ShardHostStatus Status { get; } = new(0, activeMax, 0, 0);

    public Task HandleAsync(HttpContext context, TenantId tenant) => GatewayProblem.WriteAsync(
        context, StatusCodes.Status503ServiceUnavailable, "This node runs no tenants.");

    public Task CreateSuperuserAsync(TenantId tenant, SuperuserAccount account, CancellationToken cancellationToken) =>
        Task.FromException(new ProvisioningException("This node runs no tenants."));

    public ValueTask EvictAsync(TenantId tenant) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
