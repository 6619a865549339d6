namespace Platform.Cluster.Configuration.Options;

/// <summary>Which adapter of the cluster store is used.</summary>
internal enum ClusterStoreKind
{
    Embedded,
    Etcd,
}
