namespace Platform.Cluster.Membership;

/// <summary>What a node measured of itself at its last heartbeat.</summary>
/// <param name="Moment">When.</param>
/// <param name="CpuFraction">Time of all processors that this process used since the reading before, 0 to 1.</param>
/// <param name="MemoryBytes">Physical memory of this process.</param>
/// <param name="MemoryBytesMax">Memory that it may use: the machine's or the container's.</param>
/// <param name="DiskBytesFree">Free space where the data folder is.</param>
/// <param name="DiskBytesMax">Size of that file system.</param>
/// <param name="Tenants">What of the processors its tenants use.</param>
internal sealed record NodeReading(
    DateTimeOffset Moment, double CpuFraction, long MemoryBytes, long MemoryBytesMax, long DiskBytesFree,
    long DiskBytesMax, TenantReading Tenants);
