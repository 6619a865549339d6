namespace Platform.TenantShard.Http;

/// <summary>
/// The collection, or a value that a rule was compiled for, changed between the moment a request was read and the
/// moment it ran; nothing was written. The pipeline starts the request again with what is there now.
/// </summary>
internal sealed class SchemaChangedException() : Exception("The collection changed while the request waited.");
