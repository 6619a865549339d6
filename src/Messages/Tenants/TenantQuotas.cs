namespace Platform.Messages.Tenants;

/// <summary>Limits of one tenant. A value of <c>null</c> means the platform's default.</summary>
/// <param name="StorageBytesMax">Most that the database and the files of records weigh, in bytes; at least 1 MiB.</param>
/// <param name="RequestBodyBytesMax">Largest request body, in bytes; at least 1 KiB.</param>
public sealed record TenantQuotas(long? StorageBytesMax = null, long? RequestBodyBytesMax = null);
