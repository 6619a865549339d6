using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;

namespace Platform.TenantShard.Logs;

/// <summary>Where a tenant's logs are kept.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Store">Object storage.</param>
/// <param name="TenantPath">The tenant's folder in it.</param>
/// <param name="LocalFolder">The tenant's folder on this node.</param>
/// <param name="Logger">The node's own log.</param>
internal sealed record LogStorage(
    TenantId Tenant, IObjectStore Store, string TenantPath, string LocalFolder, ILogger Logger)
{
    /// <summary>The name that the database has in a PocketBase's data folder.</summary>
    public const string FileName = "auxiliary.db";

    /// <summary>Is told how many entries did not fit into memory.</summary>
    public Action<int>? Dropped { get; init; }

    public string DatabasePath => Path.Combine(LocalFolder, FileName);
}
