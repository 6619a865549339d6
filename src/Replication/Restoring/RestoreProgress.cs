namespace Platform.Replication.Restoring;

/// <summary>How far a restore is.</summary>
/// <param name="FilesDone">Files that are applied.</param>
/// <param name="FilesTotal">Files in the plan.</param>
/// <param name="BytesDone">Bytes downloaded and applied.</param>
/// <param name="BytesTotal">Bytes in the plan.</param>
public readonly record struct RestoreProgress(int FilesDone, int FilesTotal, long BytesDone, long BytesTotal);
