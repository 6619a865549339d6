namespace Platform.Replication.Restoring;

/// <summary>A local database that provably is an earlier transaction of a replica: where a restore may begin.</summary>
/// <param name="Path">The file, which is the destination. It has no WAL.</param>
/// <param name="PageBytes">Its page size.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record RestoreBase(string Path, int PageBytes, long Bytes);
