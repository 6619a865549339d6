namespace Platform.TenantShard.PocketBaseData;

/// <summary>How a database of PocketBase keeps its collections.</summary>
internal enum SourceLayout
{
    /// <summary>Since 0.23: <c>_collections.fields</c>, superusers are records.</summary>
    Current,

    /// <summary>Before 0.23: <c>_collections.schema</c>, <c>_admins</c>, secrets of tokens in the settings.</summary>
    Legacy,
}
