namespace Platform.TenantShard.Files;

/// <summary>What the tenant API keeps of files with an activation.</summary>
internal sealed record TenantFiles(FileStorage Storage, FileSweeper Sweeper);
