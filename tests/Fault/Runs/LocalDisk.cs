namespace Platform.Fault.Tests.Runs;

/// <summary>
/// The local files of one node, and what a kill and a loss of power make of them. A kill leaves them as they are: the
/// page cache survives. After a loss of power each may be what it was, what it was at any time before, a mixture of
/// both by sectors, cut off, or gone, independently of the others. That is more than a disk may do to what was synced, so
/// whatever is recovered correctly here is recovered correctly from a real one.
/// </summary>
internal sealed class LocalDisk(string folder, Random random)
{
    private const int SectorBytes = 512;
    private const int VersionsMax = 6;

    private static readonly string[] Suffixes = ["", "-wal", "-position"];

    private readonly List<byte[]?[]> _versions = [];

    public string DatabasePath { get; } = Path.Combine(folder, "data.db");

    /// <summary>Remembers what the files are now: a loss of power may bring it back.</summary>
    public void Remember()
    {
        _versions.Add([.. Suffixes.Select(suffix => ReadOrNull(DatabasePath + suffix))]);
        if (_versions.Count > VersionsMax)
        {
            _versions.RemoveAt(random.Next(_versions.Count - 1));
        }
    }

    /// <summary>What a kill at this moment leaves, as another disk: also of a process that goes on.</summary>
    public LocalDisk Copy(string to)
    {
        Directory.CreateDirectory(to);
        var copy = new LocalDisk(to, random);
        foreach (var suffix in Suffixes)
        {
            if (File.Exists(DatabasePath + suffix))
            {
                // With its times, as they are part of what proves a file.
                File.Copy(DatabasePath + suffix, copy.DatabasePath + suffix);
                File.SetLastWriteTimeUtc(copy.DatabasePath + suffix, File.GetLastWriteTimeUtc(DatabasePath + suffix));
            }
        }

        copy._versions.AddRange(_versions);
        return copy;
    }

    /// <summary>The power goes. The boot id is the caller's matter.</summary>
    public void LosePower()
    {
        Remember();
        var shared = random.Next(_versions.Count);
        var isTreacherous = random.Next(2) == 0;
        var modified = File.GetLastWriteTimeUtc(DatabasePath);
        for (var file = 0; file < Suffixes.Length; file++)
        {
            // Often all of one moment, which is the mixture that looks right.
            var other = random.Next(2) == 0 ? shared : random.Next(_versions.Count);
            var (now, before) = (_versions[^1][file], _versions[other][file]);
            Write(DatabasePath + Suffixes[file], isTreacherous
                ? Treacherous(now, before, isDatabase: file == 0)
                : Survivor(now, before, isDatabase: file == 0));
        }

        if (File.Exists(DatabasePath))
        {
            // The time of the file may be synced when its content is not.
            File.SetLastWriteTimeUtc(DatabasePath, modified);
        }

        File.Delete(DatabasePath + "-shm");
        _versions.Clear();
    }

    // What looks most like a good file: all that vouches for it has survived, its size and time too, and some of its
    // sectors have not.
    private byte[]? Treacherous(byte[]? now, byte[]? before, bool isDatabase) =>
        isDatabase && now is not null ? Mix(now, before ?? []) : now;

    private byte[]? Survivor(byte[]? now, byte[]? before, bool isDatabase) => random.Next(6) switch
    {
        0 or 1 => now,
        2 or 3 => before,
        4 when now is not null => random.Next(2) == 0 ? Mix(now, before ?? []) : now[..random.Next(now.Length + 1)],
        _ => isDatabase ? before : null,
    };

    private byte[] Mix(byte[] now, byte[] before)
    {
        var mixed = now.ToArray();
        for (var offset = 0; offset < mixed.Length; offset += SectorBytes)
        {
            if (random.Next(3) > 0)
            {
                continue;
            }

            var sector = mixed.AsSpan(offset, Math.Min(SectorBytes, mixed.Length - offset));
            sector.Clear();
            before.AsSpan(Math.Min(offset, before.Length), Math.Clamp(before.Length - offset, 0, sector.Length)).CopyTo(sector);
        }

        return mixed;
    }

    private static void Write(string path, byte[]? content)
    {
        if (content is null)
        {
            File.Delete(path);
        }
        else
        {
            File.WriteAllBytes(path, content);
        }
    }

    private static byte[]? ReadOrNull(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;
}
