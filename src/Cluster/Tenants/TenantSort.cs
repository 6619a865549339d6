namespace Platform.Cluster.Tenants;

/// <summary>The order of a listing.</summary>
internal enum TenantSort
{
    Id,
    Created,
    Updated,
}
