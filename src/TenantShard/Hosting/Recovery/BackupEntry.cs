namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>A backup as a listing shows it.</summary>
/// <param name="Name">Its name, which ends in <c>.zip</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When it was stored, by the clock of object storage.</param>
public sealed record BackupEntry(string Name, long Bytes, DateTimeOffset Modified);
