using Platform.Messages.Identity;
using Platform.Replication.Restoring;

namespace Platform.Cluster.Recovery;

/// <summary>Which state is wanted, and what for.</summary>
/// <param name="Target">The state.</param>
/// <param name="Field">The field that said so, for refusals.</param>
/// <param name="Into">The tenant to make; null when there is none.</param>
/// <param name="Name">The backup's name; null when there is none.</param>
/// <param name="KeepsSecrets">True when the tenant that is made has the token secrets of the source.</param>
internal sealed record StateRequest(
    RestoreTarget Target, string Field, TenantId? Into, string? Name, bool KeepsSecrets = false);
