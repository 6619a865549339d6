using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.TenantShard.Hosting;

/// <summary>What the shard host needs of the registry. Filled by the cluster project.</summary>
public interface ITenantDirectory
{
    /// <summary>The tenant's entry from the process's exact copy, or null when it is unknown or deleted.</summary>
    TenantDescriptor? Find(TenantId tenant);
}
