using Microsoft.AspNetCore.Http;
using Platform.Cluster.Http;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Recovery;

/// <summary>Finds the tenant that a path names, also a deleted one: its data is there as long as it is.</summary>
internal static class TenantRoute
{
    public static RequestDelegate To(TenantIndex index, Func<HttpContext, TenantDescriptor, Task> handle) => context =>
    {
        var text = (string?)context.Request.RouteValues["id"] ?? "";
        return TenantId.TryParse(text, out var id) && index.Get(id) is { } record
            ? handle(context, record.Descriptor)
            : JsonAnswer.WriteAsync(context, RegistryProblems.Unknown(text));
    };
}
