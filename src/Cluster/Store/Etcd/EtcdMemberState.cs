namespace Platform.Cluster.Store.Etcd;

/// <summary>A member of etcd, as it says itself.</summary>
/// <param name="Endpoint">Its URL in the configuration.</param>
/// <param name="Problem">Why it is of no use; null: it is well.</param>
/// <param name="IsLeader">It leads the others.</param>
/// <param name="Version">Its release.</param>
/// <param name="Bytes">Size of its database.</param>
internal sealed record EtcdMemberState(string Endpoint, string? Problem, bool IsLeader, string Version, long Bytes);
