namespace Platform.Cluster.Configuration.Options;

/// <summary>Which adapter of object storage is used.</summary>
internal enum ObjectStoreKind
{
    File,
    S3,
}
