using System.Globalization;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Ltx;

/// <summary>Keys of a replica's files, where stock Litestream 0.5 looks for them.</summary>
public static class ReplicaPath
{
    /// <summary>The level of snapshots of the whole database.</summary>
    public const int SnapshotLevel = 9;

    /// <summary>The prefix of all files of a level, ending in a slash.</summary>
    /// <param name="layout">How the store names levels.</param>
    /// <param name="replica">Its path, such as <c>tenants/acme/data.db</c>, with no slash at its end.</param>
    /// <param name="level">0 (one file per commit group) to 9 (snapshots).</param>
    public static string Level(ReplicaLayout layout, string replica, int level)
    {
        ArgumentException.ThrowIfNullOrEmpty(replica);
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, SnapshotLevel);
        return layout switch
        {
            ReplicaLayout.Folder => string.Create(CultureInfo.InvariantCulture, $"{replica}/ltx/{level}/"),
            ReplicaLayout.S3 => string.Create(CultureInfo.InvariantCulture, $"{replica}/{level:x4}/"),
            _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "No such layout."),
        };
    }

    /// <summary>The key of one file.</summary>
    public static string File(ReplicaLayout layout, string replica, int level, Txid min, Txid max) =>
        Level(layout, replica, level) + LtxFileName.Format(min, max);
}
