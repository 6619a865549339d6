using System.Security.Cryptography;
using Platform.Replication.Ltx;
using Platform.Replication.Tests.Shipping;

namespace Platform.Fault.Tests.Runs;

/// <summary>
/// Every commit that any owner ever made, what each followed, and the bytes of the database after it. It is a tree:
/// owners that do not know of each other, and commits that a loss of power took, make branches. Each commit writes its
/// number into the database, so that a database says by itself which commit it is at.
/// </summary>
internal sealed class CommitTree
{
    private readonly Dictionary<long, long> _parents = [];
    private readonly Dictionary<long, HashSet<string>> _images = [];
    private readonly List<(long Commit, Txid Position)> _acknowledged = [];
    private long _last;

    /// <summary>Acknowledged writes, each with the position that the replica had then.</summary>
    public IReadOnlyList<(long Commit, Txid Position)> Acknowledged => _acknowledged;

    /// <summary>The number for the next commit, whoever makes it.</summary>
    public long Begin() => ++_last;

    /// <summary>A commit happened; or the same one has further bytes, as after a vacuum.</summary>
    public void Committed(long commit, long parent, string image)
    {
        _parents.TryAdd(commit, parent);
        if (!_images.TryGetValue(commit, out var images))
        {
            _images[commit] = images = [];
        }

        images.Add(image);
    }

    /// <summary>A client was told that the commit, and so all that it follows, is safe.</summary>
    public void Acknowledge(long commit, Txid position) => _acknowledged.Add((commit, position));

    /// <summary>True when the bytes are those of the database after this commit.</summary>
    public bool IsImage(long commit, string image) =>
        commit == 0 || (_images.TryGetValue(commit, out var all) && all.Contains(image));

    /// <summary>True when <paramref name="commit"/> is <paramref name="ancestor"/> or was made on top of it.</summary>
    public bool Follows(long commit, long ancestor)
    {
        while (commit > ancestor)
        {
            commit = _parents[commit];
        }

        return commit == ancestor;
    }

    /// <summary>The number of commits from the first to this one.</summary>
    public int Depth(long commit)
    {
        var depth = 0;
        for (; commit != 0; commit = _parents[commit])
        {
            depth++;
        }

        return depth;
    }

    /// <summary>The last commit that the database file and its WAL hold, by SQLite alone, and what its bytes are.</summary>
    public static (long Commit, string Image) Look(string databasePath, string scratchPath)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(scratchPath + suffix);
        }

        File.Copy(databasePath, scratchPath);
        if (File.Exists(databasePath + "-wal"))
        {
            File.Copy(databasePath + "-wal", scratchPath + "-wal");
        }

        long commit;
        using (var copy = new TestDatabase(scratchPath))
        {
            var text = copy.Scalar("select ifnull(max(n), 0) from w");
            commit = long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(copy.Checkpoint());
        }

        return (commit, ImageOf(scratchPath));
    }

    public static string ImageOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }
}
