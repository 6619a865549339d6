namespace Platform.TenantShard.Events;

/// <summary>What happened to a record.</summary>
internal enum RecordAction
{
    Create,
    Update,
    Delete,
}
