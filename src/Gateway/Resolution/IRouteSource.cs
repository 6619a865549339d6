using System.Diagnostics.CodeAnalysis;
using Platform.Messages.Tenants;

namespace Platform.Gateway.Resolution;

/// <summary>
/// The process's copy of the tenant registry, asked once or twice by every request: answers come from memory, without
/// waiting and without allocation. <see cref="RouteTable"/> is an implementation that the host feeds.
/// </summary>
public interface IRouteSource
{
    /// <summary>Finds a tenant, deleted ones included, by its exact id.</summary>
    bool TryGetTenant(ReadOnlySpan<char> id, [NotNullWhen(true)] out TenantDescriptor? tenant);

    /// <summary>Finds the tenant that owns a custom host name.</summary>
    /// <param name="host">Lower case, without port and without trailing dot.</param>
    /// <param name="tenant">The owner, deleted ones included.</param>
    bool TryGetDomain(ReadOnlySpan<char> host, [NotNullWhen(true)] out TenantDescriptor? tenant);
}
