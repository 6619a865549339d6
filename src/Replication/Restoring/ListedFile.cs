namespace Platform.Replication.Restoring;

/// <summary>An LTX file as a listing shows it.</summary>
/// <param name="Key">Where it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="File">What its name says.</param>
internal sealed record ListedFile(string Key, long Bytes, ReplicaFile File);
