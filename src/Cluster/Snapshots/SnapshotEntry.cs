namespace Platform.Cluster.Snapshots;

/// <summary>A snapshot in a list.</summary>
internal readonly record struct SnapshotEntry(string Name, DateTimeOffset Created, long Bytes);
