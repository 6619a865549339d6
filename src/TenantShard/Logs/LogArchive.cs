using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Collections.Json;

namespace Platform.TenantShard.Logs;

/// <summary>
/// A tenant's logs in object storage: segments of rows, one JSON object a line, compressed, named by the time at which
/// they were stored: <c>tenants/{tenant}/logs/20260801T120000000-1a2b3c4d.jsonl.gz</c>.
/// </summary>
internal sealed class LogArchive(IObjectStore store, string tenantPath)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff";

    /// <summary>A segment has at most some ten thousand rows; more than this is none of ours.</summary>
    private const long SegmentBytesMax = 64 << 20;

    private readonly string _prefix = $"{tenantPath}/logs/";

    /// <summary>Stores the rows as one segment; returns its name.</summary>
    public async Task<string> StoreAsync(
        IReadOnlyList<LogRow> rows, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await using (var zip = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var row in rows)
            {
                await zip.WriteAsync(CollectionJson.ToBytes(row, LogRow.Write), cancellationToken);
                zip.WriteByte((byte)'\n');
            }
        }

        var random = RandomNumberGenerator.GetHexString(8, lowercase: true);
        var name = $"{NameAt(now)}-{random}.jsonl.gz";
        await store.PutAsync(_prefix + name, content.GetBuffer().AsMemory(0, (int)content.Length), cancellationToken);
        return name;
    }

    /// <summary>The segments since a moment, oldest first.</summary>
    public async Task<List<string>> ListAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var entry in store.ListAsync(_prefix, _prefix + NameAt(since), cancellationToken))
            names.Add(entry.Key[_prefix.Length..]);
        return names;
    }

    /// <summary>The rows of a segment; none when it was deleted meanwhile or is damaged.</summary>
    public async Task<List<LogRow>> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var rows = new List<LogRow>();
        if (await store.GetAsync(_prefix + name, SegmentBytesMax, cancellationToken) is not { } content) return rows;
        await using var zip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
        using var reader = new StreamReader(zip);
        try
        {
            while (await reader.ReadLineAsync(cancellationToken) is { } line) rows.Add(Parse(line));
        }
        catch (Exception damage) when (damage is InvalidDataException or JsonException or KeyNotFoundException)
        {
            // What can be read of it is shown.
        }

        return rows;
    }

    /// <summary>Deletes segments that were stored before a moment.</summary>
    public async Task RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var end = _prefix + NameAt(before);
        var keys = new List<string>();
        await foreach (var entry in store.ListAsync(_prefix, startAfter: null, cancellationToken))
        {
            if (string.CompareOrdinal(entry.Key, end) >= 0) break;
            keys.Add(entry.Key);
        }

        if (keys.Count > 0) await store.DeleteAsync(keys, cancellationToken);
    }

    private static string NameAt(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static LogRow Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var row = document.RootElement;
        return new LogRow(
            row.GetProperty("id").GetString() ?? "",
            row.GetProperty("level").TryGetInt32(out var level) ? level : 0,
            row.GetProperty("message").GetString() ?? "",
            System.Text.Encoding.UTF8.GetBytes(row.GetProperty("data").GetRawText()),
            row.GetProperty("created").GetString() ?? "");
    }
}
