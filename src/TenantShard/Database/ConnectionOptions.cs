namespace Platform.TenantShard.Database;

/// <summary>How a connection is opened.</summary>
/// <param name="IsReadOnly">A reader: refuses every write.</param>
/// <param name="PageCacheKiB">Largest page cache, in KiB; allocated as pages are read.</param>
/// <param name="StatementsMax">Prepared statements kept.</param>
/// <param name="MappedBytesMax">How much of the database file a reader maps into memory, in bytes.</param>
/// <param name="DatabaseBytesMax">Largest database of a writer, less what files weigh, in bytes; 0 = SQLite's own limit.</param>
internal sealed record ConnectionOptions(
    bool IsReadOnly, int PageCacheKiB = 2048, int StatementsMax = 64, long MappedBytesMax = 256 << 20,
    long DatabaseBytesMax = 0);
