namespace Platform.TenantShard.Http;

/// <summary>
/// The collection changed between the moment a request was read and the moment it ran; nothing was written. The
/// pipeline reads the request again with the new schema.
/// </summary>
internal sealed class SchemaChangedException() : Exception("The collection changed while the request waited.");
