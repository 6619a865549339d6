namespace Platform.Replication.Restoring;

/// <summary>A range of one object.</summary>
/// <param name="Key">The object.</param>
/// <param name="Offset">Where the range starts, in bytes.</param>
/// <param name="Bytes">How long it is.</param>
internal readonly record struct ObjectPart(string Key, long Offset, int Bytes);
