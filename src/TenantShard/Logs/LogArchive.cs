using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Collections.Json;

namespace Platform.TenantShard.Logs;

/// <summary>
/// A tenant's logs in object storage: segments of rows, one JSON object a line, compressed, named by the time at which
/// they were stored, and by the days that the tenant wanted its logs to be kept for at that time, if that was known:
/// <c>tenants/{tenant}/logs/20260801T120000000-1a2b3c4d-5d.jsonl.gz</c>.
/// </summary>
internal sealed class LogArchive(IObjectStore store, string tenantPath)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff";

    /// <summary>Of what the format makes.</summary>
    private const int TimeFormatLength = 18;

    /// <summary>A segment has at most some ten thousand rows; more than this is none of ours.</summary>
    private const long SegmentBytesMax = 64 << 20;

    /// <summary>Ends the names of objects without rows: what was stored before them was deleted.</summary>
    private const string CutSuffix = "-cut.jsonl.gz";

    private readonly string _prefix = $"{tenantPath}/logs/";

    /// <summary>Stores the rows as one segment; returns its name.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="daysKept">How long the tenant wants its logs to be kept; 0 = not known.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> StoreAsync(
        IReadOnlyList<LogRow> rows, int daysKept, DateTimeOffset now, CancellationToken cancellationToken)
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

        var label = daysKept > 0 ? string.Create(CultureInfo.InvariantCulture, $"-{daysKept}d") : "";
        var name = $"{NameAt(now)}-{Random()}{label}.jsonl.gz";
        await store.PutAsync(_prefix + name, content.GetBuffer().AsMemory(0, (int)content.Length), cancellationToken);
        return name;
    }

    /// <summary>Notes that all logs were deleted, for nodes that still have some; returns its name.</summary>
    public async Task<string> StoreCutAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var name = $"{NameAt(now)}-{Random()}{CutSuffix}";
        await store.PutAsync(_prefix + name, default, cancellationToken);
        return name;
    }

    /// <summary>When all logs were deleted; null for the name of a segment.</summary>
    public static DateTimeOffset? CutOf(string name) =>
        name.EndsWith(CutSuffix, StringComparison.Ordinal) && name.Length > TimeFormatLength
        && DateTimeOffset.TryParseExact(
            name.AsSpan(0, TimeFormatLength), TimeFormat, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var cut)
            ? cut
            : null;

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

    /// <summary>The days in a segment's name; 0 = it names none.</summary>
    public static int DaysKeptOf(string name)
    {
        var stem = name.AsSpan()[..Math.Max(name.IndexOf('.', StringComparison.Ordinal), 0)];
        var label = stem[(stem.LastIndexOf('-') + 1)..];
        return label is [.. var days, 'd']
            && int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && stem.Count('-') == 2
            ? count
            : 0;
    }

    /// <summary>Deletes the segments of a listing that were stored before a moment; returns how many.</summary>
    public async Task<int> RemoveAsync(
        IEnumerable<string> names, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var end = NameAt(before);
        var keys = names.Where(name => string.CompareOrdinal(name, end) < 0).Select(name => _prefix + name).ToList();
        if (keys.Count > 0) await store.DeleteAsync(keys, cancellationToken);
        return keys.Count;
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

    private static string Random() => RandomNumberGenerator.GetHexString(8, lowercase: true);

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
