namespace Platform.Cluster.Tenants;

/// <summary>A valid body of <c>POST /api/cp/tenants</c>.</summary>
/// <param name="Draft">The tenant.</param>
/// <param name="Superuser">Its first superuser, or null.</param>
internal sealed record CreateTenantRequest(TenantDraft Draft, SuperuserAccount? Superuser);
