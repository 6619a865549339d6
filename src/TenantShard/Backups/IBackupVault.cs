namespace Platform.TenantShard.Backups;

/// <summary>
/// Where tenants' backups are, and how one is made and put back. Refuses with <see cref="Errors.ApiException"/>.
/// </summary>
internal interface IBackupVault
{
    /// <summary>All backups of the tenant that are there.</summary>
    Task<IReadOnlyList<StoredBackup>> ListAsync(BackupPlace place, CancellationToken cancellationToken);

    /// <summary>Backs the tenant up as it is now; false when the name is taken.</summary>
    Task<bool> CreateAsync(BackupPlace place, string key, CancellationToken cancellationToken);

    /// <summary>Stores a backup that was made elsewhere; false when the name is taken.</summary>
    Task<bool> StoreAsync(BackupPlace place, string key, string path, CancellationToken cancellationToken);

    /// <summary>A backup's content; null when there is none.</summary>
    Task<Stream?> OpenAsync(BackupPlace place, string key, CancellationToken cancellationToken);

    Task DeleteAsync(BackupPlace place, string key, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the backup's content the tenant's, as one transaction: what the tenant had stays in its history. The caller
    /// does not use the shard meanwhile, which is closed for it. False when there is no such backup.
    /// </summary>
    Task<bool> RestoreAsync(BackupPlace place, string key, CancellationToken cancellationToken);
}
