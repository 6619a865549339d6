namespace Platform.Replication.ObjectStore;

/// <summary>Limits of a <see cref="FolderObjectStore"/>.</summary>
public sealed record FolderObjectStoreOptions
{
    /// <summary>
    /// Threads that do the store's blocking system calls, started when needed. More than cores is right: they wait for
    /// the disk, and a file system writes the syncs that wait together at once.
    /// </summary>
    public int Threads { get; init; } = 16;

    /// <summary>Operations that may wait for a thread; further callers wait asynchronously for a place.</summary>
    public int QueuedMax { get; init; } = 4096;

    /// <summary>
    /// Folders remembered as durable; when full, the memory is emptied and refills at one sync a folder.
    /// </summary>
    public int KnownFoldersMax { get; init; } = 16384;
}
