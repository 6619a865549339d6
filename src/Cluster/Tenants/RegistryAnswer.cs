using Platform.Cluster.Http;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>The tenant after a change, or why it was refused.</summary>
internal readonly record struct RegistryAnswer(TenantDescriptor? Tenant, ApiProblem? Problem)
{
    public static implicit operator RegistryAnswer(TenantDescriptor tenant) => new(tenant, null);

    public static implicit operator RegistryAnswer(ApiProblem problem) => new(null, problem);
}
