using Platform.Gateway.Forwarding;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Tenants;

/// <summary>Whoever runs tenants in this process: answers their requests and does what the registry asks.</summary>
internal interface ITenantHost : ITenantBackend, ITenantProvisioner, IAsyncDisposable
{
    ShardHostStatus Status { get; }
}
