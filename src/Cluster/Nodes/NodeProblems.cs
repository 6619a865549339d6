using System.Globalization;
using Platform.Cluster.Membership;

namespace Platform.Cluster.Nodes;

/// <summary>
/// What keeps a tenant node from taking writes though it answers: reads go on, so it stays ready, but operators must hear of it.
/// </summary>
/// <param name="sampler">The node's disk.</param>
/// <param name="storageLag">How long the oldest write waits for object storage.</param>
/// <param name="lagMax">Above this writes are refused.</param>
internal sealed class NodeProblems(NodeSampler sampler, Func<TimeSpan> storageLag, TimeSpan lagMax)
{
    /// <summary>SQLite's own writes need some, and the next group of them.</summary>
    private const long DiskBytesMin = 64L << 20;

    public IReadOnlyList<string> Now()
    {
        var problems = new List<string>();
        if (storageLag() is var lag && lag > lagMax)
            problems.Add(string.Create(
                CultureInfo.InvariantCulture, $"object storage has not taken a write for {lag.TotalSeconds:0} s"));
        if (sampler.Latest.DiskBytesFree < DiskBytesMin)
            problems.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the disk of the data folder is full: {sampler.Latest.DiskBytesFree / 1024} KiB are free"));
        return problems;
    }
}
