using System.IO.Compression;
using System.Text.Json;

namespace Platform.Cluster.Snapshots;

/// <summary>
/// The control plane's state at one revision: every key that is on no lease. Stored as gzip of JSON lines, a header and
/// one line for each key, so that an operator can read it with <c>zcat</c>.
/// </summary>
internal sealed record ClusterSnapshot(SnapshotHeader Header, IReadOnlyDictionary<string, byte[]> Entries)
{
    /// <summary>The entries under a prefix, by the rest of their keys.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> Under(string prefix) =>
        Entries.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => KeyValuePair.Create(entry.Key[prefix.Length..], entry.Value));

    public byte[] Encode()
    {
        using var buffer = new MemoryStream();
        using (var zip = new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
        {
            JsonSerializer.Serialize(zip, Header with { Entries = Entries.Count }, SnapshotJson.Default.SnapshotHeader);
            zip.Write("\n"u8);
            foreach (var (key, value) in Entries)
            {
                JsonSerializer.Serialize(zip, new SnapshotLine(key, value), SnapshotJson.Default.SnapshotLine);
                zip.Write("\n"u8);
            }
        }

        return buffer.ToArray();
    }

    /// <exception cref="FormatException">It is damaged, cut off, or of a release that is too new.</exception>
    public static ClusterSnapshot Decode(byte[] stored)
    {
        try
        {
            using var lines = new StreamReader(new GZipStream(new MemoryStream(stored), CompressionMode.Decompress));
            var header = JsonSerializer.Deserialize(lines.ReadLine() ?? "", SnapshotJson.Default.SnapshotHeader)!;
            if (header.Format > SnapshotHeader.FormatKnown)
                throw new FormatException($"it has format {header.Format}, this release knows {SnapshotHeader.FormatKnown}");
            var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
            while (lines.ReadLine() is { } text)
            {
                var line = JsonSerializer.Deserialize(text, SnapshotJson.Default.SnapshotLine)!;
                entries[line.Key] = line.Value;
            }

            return entries.Count == header.Entries
                ? new ClusterSnapshot(header, entries)
                : throw new FormatException($"it has {entries.Count} of {header.Entries} entries");
        }
        catch (Exception damage) when (damage is JsonException or InvalidDataException or IOException)
        {
            throw new FormatException("it is damaged: " + damage.Message, damage);
        }
    }
}
