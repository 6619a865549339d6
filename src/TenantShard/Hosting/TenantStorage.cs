namespace Platform.TenantShard.Hosting;

/// <summary>What a tenant stores.</summary>
/// <param name="DatabaseBytes">The size of its database.</param>
/// <param name="FileBytes">The files that its records name, without thumbnails.</param>
public sealed record TenantStorage(long DatabaseBytes, long FileBytes);
