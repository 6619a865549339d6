namespace Platform.TenantShard.Backups;

/// <summary>A backup as a list shows it.</summary>
/// <param name="Key">Its name, which ends in <c>.zip</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When it was stored.</param>
internal sealed record StoredBackup(string Key, long Bytes, DateTimeOffset Modified);
