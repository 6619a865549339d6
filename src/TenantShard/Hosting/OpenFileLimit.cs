using System.Globalization;

namespace Platform.TenantShard.Hosting;

/// <summary>
/// How many files this process may have open, and what of that is for tenants. The runtime raises the limit to the hard
/// one at its start, so it is the hard limit that counts (<c>ulimit -Hn</c>, <c>LimitNOFILE=</c>).
/// </summary>
/// <param name="Files">Open files of the process.</param>
public readonly record struct OpenFileLimit(long Files)
{
    /// <summary>
    /// Files of a shard at work: three of the writer, two of each reader, and three of the replica, which the shards of a
    /// node reach one after the other.
    /// </summary>
    public const int FilesPerShard = 8;

    private const int AwakeMin = 16;

    /// <summary>
    /// Shards that may hold files at once: half of the limit is theirs; connections, object storage and the runtime
    /// share the rest.
    /// </summary>
    public int AwakeMax => (int)Math.Clamp(Files / 2 / FilesPerShard, AwakeMin, int.MaxValue);

    /// <summary>The limit of this process; without one, where the system does not say.</summary>
    public static OpenFileLimit Read(string limitsPath = "/proc/self/limits")
    {
        const string Name = "Max open files";
        var line = File.Exists(limitsPath)
            ? File.ReadLines(limitsPath).FirstOrDefault(static line => line.StartsWith(Name, StringComparison.Ordinal))
            : null;
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return new OpenFileLimit(
            long.TryParse(soft, CultureInfo.InvariantCulture, out var files) ? files : long.MaxValue);
    }

    /// <summary>The limit with which so many shards hold their files at once.</summary>
    public static long FilesFor(int shards) => 2L * FilesPerShard * shards;
}
