namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>The bucket that a tenant's settings name for its backups cannot be used.</summary>
internal sealed class BackupStoreException(string hint, Exception cause)
    : Exception($"Failed to load backups filesystem. The S3 bucket of settings.backups.s3: {hint}", cause);
