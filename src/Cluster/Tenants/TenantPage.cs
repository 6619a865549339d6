using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>A page of a listing.</summary>
/// <param name="Items">The tenants of this page.</param>
/// <param name="TotalItems">Tenants on all pages.</param>
internal sealed record TenantPage(IReadOnlyList<TenantDescriptor> Items, int TotalItems);
