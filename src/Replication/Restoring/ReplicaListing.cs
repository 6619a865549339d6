using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Restoring;

/// <summary>Finds the files of a replica, of all levels, with one listing.</summary>
internal static class ReplicaListing
{
    /// <summary>The files, in the order of their keys. Objects with other names are not ours and are skipped.</summary>
    public static async Task<List<ListedFile>> ListAsync(
        IObjectStore store, string replicaPath, CancellationToken cancellationToken)
    {
        var level0 = ReplicaPath.Level(store.Layout, replicaPath, 0);
        var prefix = level0[..(level0.LastIndexOf('/', level0.Length - 2) + 1)];
        var files = new List<ListedFile>();
        await foreach (var entry in store.ListAsync(prefix, startAfter: null, cancellationToken))
        {
            if (TryParse(store.Layout, entry, prefix.Length, out var file))
            {
                files.Add(file);
            }
        }

        return files;
    }

    /// <summary>The file that ends with the newest transaction; of several the one of the lowest level.</summary>
    public static ListedFile? Newest(IEnumerable<ListedFile> files)
    {
        ListedFile? newest = null;
        foreach (var file in files)
        {
            if (newest is null || file.File.Max > newest.File.Max
                || (file.File.Max == newest.File.Max && file.File.Level < newest.File.Level))
            {
                newest = file;
            }
        }

        return newest;
    }

    private static bool TryParse(
        ReplicaLayout layout, ObjectEntry entry, int prefixLength, [NotNullWhen(true)] out ListedFile? file)
    {
        file = null;
        var rest = entry.Key.AsSpan(prefixLength);
        var slash = rest.IndexOf('/');
        if (slash < 0
            || !TryParseLevel(layout, rest[..slash], out var level)
            || !LtxFileName.TryParse(rest[(slash + 1)..], out var min, out var max))
        {
            return false;
        }

        file = new ListedFile(entry.Key, entry.Bytes, new ReplicaFile(level, min, max, entry.Modified));
        return true;
    }

    private static bool TryParseLevel(ReplicaLayout layout, ReadOnlySpan<char> text, out int level)
    {
        var (digits, style) = layout == ReplicaLayout.S3
            ? (4, NumberStyles.AllowHexSpecifier)
            : (1, NumberStyles.None);
        level = 0;
        return text.Length == digits
            && int.TryParse(text, style, CultureInfo.InvariantCulture, out level)
            && level <= ReplicaPath.SnapshotLevel;
    }
}
