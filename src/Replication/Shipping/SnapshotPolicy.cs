namespace Platform.Replication.Shipping;

/// <summary>
/// Decides when a snapshot is worth its upload. It bounds how long a restore takes: by the number of files, each of
/// which is a request, and by their bytes, in relation to the database so that large ones are not uploaded for little.
/// </summary>
public sealed record SnapshotPolicy
{
    /// <summary>Due when a restore has to apply this many files. 256 small objects take about a second from S3.</summary>
    public int FilesMax { get; init; } = 256;

    /// <summary>Due when a restore has to apply this many bytes, if they are also <see cref="BytesShareMax"/>.</summary>
    public long BytesMax { get; init; } = 16L << 20;

    /// <summary>The share of the database's size that the files to apply have to reach, when bytes decide.</summary>
    public double BytesShareMax { get; init; } = 0.5;

    /// <summary>
    /// The least number of files, whatever the bytes: below it the last snapshot is recent, and large transactions are
    /// nearly snapshots themselves.
    /// </summary>
    public int FilesMin { get; init; } = 4;

    /// <summary>True when <see cref="DatabaseReplica.SnapshotAsync"/> should be called.</summary>
    public bool IsDue(DatabaseReplica replica) => IsDue(replica.RestoreCost, replica.DatabaseBytes);

    internal bool IsDue(RestoreCost cost, long databaseBytes) =>
        cost.Files >= FilesMax
        || (cost.Files >= FilesMin && cost.Bytes >= BytesMax && cost.Bytes >= databaseBytes * BytesShareMax);
}
