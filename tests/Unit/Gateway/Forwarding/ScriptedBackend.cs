using Microsoft.AspNetCore.Http;
using Platform.Gateway.Forwarding;
using Platform.Messages.Identity;

namespace Platform.Gateway.Tests.Forwarding;

/// <summary>Runs the test's delegate; the tenant is in <c>context.Items["tenant"]</c>.</summary>
internal sealed class ScriptedBackend(RequestDelegate script) : ITenantBackend
{
    public Task HandleAsync(HttpContext context, TenantId tenant)
    {
        context.Items["tenant"] = tenant;
        return script(context);
    }
}
