namespace Platform.TenantShard.Auth;

/// <summary>The record that an identity names, with what proves it.</summary>
internal sealed record Login(string RecordId, string PasswordHash, string TokenKey);
