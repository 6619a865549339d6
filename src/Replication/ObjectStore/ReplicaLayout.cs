namespace Platform.Replication.ObjectStore;

/// <summary>Where a replica's level folders are, as Litestream 0.5 expects it for a kind of store.</summary>
public enum ReplicaLayout
{
    /// <summary><c>{replica}/ltx/{level in decimal}/{name}</c>: folders.</summary>
    Folder,

    /// <summary><c>{replica}/{level as 4 hex digits}/{name}</c>: S3.</summary>
    S3,
}
