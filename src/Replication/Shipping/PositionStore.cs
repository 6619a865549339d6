using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Platform.Replication.Shipping;

/// <summary>Keeps the <see cref="PositionRecord"/> beside a database, replaced atomically.</summary>
internal sealed class PositionStore(DatabaseReplicaOptions options)
{
    // A record is under 1 KiB; anything much larger is not one.
    private const int RecordBytesMax = 16 * 1024;
    private const int HashReadBytes = 256 * 1024;

    private readonly string _path = options.DatabasePath + "-position";
    private readonly string _incoming = options.DatabasePath + "-position-incoming";
    private string? _bootId;

    /// <summary>True when the record was written since the machine booted: the page cache has it all.</summary>
    public bool IsThisBoot(PositionRecord record) => BootId.Length > 0 && record.BootId == BootId;

    // Empty where the system does not say; then no file that was not closed is ever trusted.
    private string BootId => _bootId ??= File.Exists(options.BootIdPath)
        ? File.ReadAllText(options.BootIdPath).Trim()
        : "";

    /// <summary>The record; null when there is none, or one that cannot be believed.</summary>
    public PositionRecord? Read()
    {
        if (new FileInfo(_path) is not { Exists: true, Length: <= RecordBytesMax })
        {
            return null;
        }

        try
        {
            var record = JsonSerializer.Deserialize(
                File.ReadAllBytes(_path), PositionRecordJson.Default.PositionRecord);
            return record?.Version == PositionRecord.CurrentVersion ? record : null;
        }
        catch (JsonException)
        {
            // Half a record after a loss of power: the local file has no proof, and is restored.
            return null;
        }
    }

    /// <summary>Removes the record: the local file proves nothing any more.</summary>
    public void Remove()
    {
        File.Delete(_path);
        File.Delete(_incoming);
    }

    /// <summary>
    /// Records that the file alone holds <paramref name="state"/>'s transaction while the database is in use. Not
    /// synced: it counts only until the machine boots again, and until then the page cache has it.
    /// </summary>
    public void WriteOpen(DatabaseFile file, ShippedState state)
    {
        if (BootId.Length > 0)
        {
            Write(RecordOf(file, state, contentHash: null), isDurable: false);
        }
        else
        {
            Remove();
        }
    }

    /// <summary>
    /// Records that the file was written to and still needs its WAL: a checkpoint that did not complete. The record's
    /// transaction stays, since every page that was moved is still in the WAL.
    /// </summary>
    public void Touch(DatabaseFile file)
    {
        if (Read() is { IsClean: false } record && file.Stamp() is { } stamp)
        {
            var touched = record with { DatabaseBytes = stamp.Bytes, ModifiedTicks = stamp.ModifiedTicks };
            Write(touched, isDurable: false);
        }
    }

    /// <summary>
    /// Records that a proved file is in use again. If it is proved by its WAL, the transaction that it holds alone is
    /// still the older one of <paramref name="record"/>.
    /// </summary>
    public void Reopen(DatabaseFile file, PositionRecord record, ShippedState state)
    {
        if (state.IsInFile)
        {
            WriteOpen(file, state);
        }
        else
        {
            Write(record with { BootId = BootId }, isDurable: false);
        }
    }

    /// <summary>Syncs the database file and records its content. SQLite has it closed, and the WAL is gone.</summary>
    public void WriteClean(DatabaseFile file, ShippedState state)
    {
        file.Dispose();
        using (var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            RandomAccess.FlushToDisk(handle);
        }

        Write(RecordOf(file, state, Hash(file.Path)), isDurable: true);
    }

    /// <summary>The hash that <see cref="PositionRecord.ContentHash"/> holds.</summary>
    public static string Hash(string path)
    {
        using var file = File.OpenHandle(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(HashReadBytes);
        var offset = 0L;
        while (RandomAccess.Read(file, buffer, offset) is > 0 and var read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            offset += read;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private PositionRecord RecordOf(DatabaseFile file, ShippedState state, string? contentHash)
    {
        var stamp = file.Stamp() ?? (PositionRecord.UnknownBytes, 0);
        return new PositionRecord
        {
            BootId = BootId,
            Lineage = options.Lineage,
            Txid = state.Txid.Value,
            Key = state.Key,
            Checksum = state.Checksum,
            DatabaseBytes = stamp.Bytes,
            ModifiedTicks = stamp.ModifiedTicks,
            ContentHash = contentHash,
        };
    }

    private void Write(PositionRecord record, bool isDurable)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(record, PositionRecordJson.Default.PositionRecord);
        using (var handle = File.OpenHandle(_incoming, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, content, 0);
            if (isDurable)
            {
                RandomAccess.FlushToDisk(handle);
            }
        }

        File.Move(_incoming, _path, overwrite: true);
    }
}
