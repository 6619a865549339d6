namespace Platform.TenantShard.Events;

/// <summary>Wants to know what commands have done to records, once that is durable.</summary>
internal interface IRecordListener
{
    /// <summary>False while nobody cares: then commands collect nothing. Any thread asks.</summary>
    bool IsListening { get; }

    /// <summary>
    /// Takes what one acknowledged command did. Called by the shard's drain, in commit order: must neither wait nor
    /// throw.
    /// </summary>
    void Take(RecordChanges changes);
}
