using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>A tenant as the registry holds it.</summary>
/// <param name="Descriptor">The entry.</param>
/// <param name="Revision">The store revision that put it; guards the next change.</param>
internal sealed record TenantRecord(TenantDescriptor Descriptor, long Revision);
