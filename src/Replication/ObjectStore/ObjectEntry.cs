namespace Platform.Replication.ObjectStore;

/// <summary>One listed object.</summary>
/// <param name="Key">The full key.</param>
/// <param name="Bytes">Its size, in bytes.</param>
/// <param name="Modified">When the store says that it was written. For display only: clocks differ.</param>
public readonly record struct ObjectEntry(string Key, long Bytes, DateTimeOffset Modified);
