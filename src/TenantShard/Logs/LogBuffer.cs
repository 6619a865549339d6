using System.Buffers;

namespace Platform.TenantShard.Logs;

/// <summary>
/// Entries of one tenant that are not stored yet. When it is full, entries about what went well are left out first; how
/// many is told by an entry of its own. Holds no memory while it is empty, and takes it from a pool.
/// </summary>
internal sealed class LogBuffer
{
    /// <summary>Entries that may wait: about 200 bytes each, and the texts that they name.</summary>
    public const int EntriesMax = 2048;

    /// <summary>The rest is for errors.</summary>
    public const int InformationMax = 1536;

    /// <summary>Small enough that it never is a large object.</summary>
    private const int ChunkLength = 128;

    private readonly Lock _lock = new();
    private List<LogEntry[]>? _chunks;
    private int _count;
    private int _missed;

    public int Count => Volatile.Read(ref _count);

    /// <summary>True when it was empty before: somebody must be told to empty it.</summary>
    public bool Add(in LogEntry entry)
    {
        lock (_lock)
        {
            if (_count >= (entry.Level >= LogSeverity.Error ? EntriesMax : InformationMax))
            {
                _missed++;
                return false;
            }

            _chunks ??= [];
            if (_count == _chunks.Count * ChunkLength) _chunks.Add(ArrayPool<LogEntry>.Shared.Rent(ChunkLength));
            _chunks[^1][_count++ % ChunkLength] = entry;
            return _count == 1;
        }
    }

    /// <summary>Takes all, as what is stored of them.</summary>
    /// <param name="missed">Entries that did not fit since the last time.</param>
    public List<LogRow> Take(out int missed)
    {
        List<LogEntry[]>? chunks;
        int count;
        lock (_lock)
        {
            (chunks, count, missed) = (_chunks, _count, _missed);
            (_chunks, _count, _missed) = (null, 0, 0);
        }

        var rows = new List<LogRow>(count);
        if (chunks is null) return rows;
        for (var index = 0; index < count; index++)
            rows.Add(LogRow.From(chunks[index / ChunkLength][index % ChunkLength]));
        // Cleared: the entries name texts of requests that are over.
        foreach (var chunk in chunks) ArrayPool<LogEntry>.Shared.Return(chunk, clearArray: true);
        return rows;
    }
}
