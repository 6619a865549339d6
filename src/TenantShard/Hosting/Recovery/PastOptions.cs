using Microsoft.Extensions.Logging;
using Platform.Replication.ObjectStore;
using Platform.Replication.Rewinding;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>Where a tenant's past is read from, and made whole on local disk.</summary>
internal static class PastOptions
{
    /// <param name="store">Object storage.</param>
    /// <param name="replicaPath">The replica in it.</param>
    /// <param name="scratchPath">A folder of the caller's own.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The log.</param>
    public static RewindOptions Of(
        IObjectStore store, string replicaPath, string scratchPath, TimeProvider clock, ILogger logger) => new()
        {
            Store = store,
            ReplicaPath = replicaPath,
            ScratchPath = scratchPath,
            Time = clock,
            Logger = logger,
        };
}
