namespace Platform.Cluster.Liveness;

/// <summary>One life of another process, as its entry in the cluster store tells it.</summary>
/// <param name="Node">Its node id.</param>
/// <param name="Instance">Of this life.</param>
/// <param name="Address">Of its internal listener: a URL without a path.</param>
/// <param name="Entry">Revision that made the entry: of its membership, or of its office.</param>
internal sealed record WatchedProcess(string Node, string Instance, Uri Address, long Entry);
