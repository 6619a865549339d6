using Microsoft.AspNetCore.Http;
using Platform.Messages.Identity;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// What answers a tenant's requests: the shard in the same process, or a forwarder to the node that owns the tenant.
/// </summary>
public interface ITenantBackend
{
    /// <summary>
    /// Answers the request in full, errors of its own included; activates the tenant first when it has to. Observes
    /// <see cref="HttpContext.RequestAborted"/>. What it throws is answered with 500 and logged.
    /// </summary>
    Task HandleAsync(HttpContext context, TenantId tenant);
}
