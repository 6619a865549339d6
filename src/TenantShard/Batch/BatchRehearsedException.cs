namespace Platform.TenantShard.Batch;

/// <summary>
/// Ends a batch that could have been written, so that the shard undoes it. Batches with files are rehearsed: what is
/// refused anyway must not fill the storage first.
/// </summary>
internal sealed class BatchRehearsedException() : Exception("The batch was rehearsed and undone.");
