using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Shipping;

namespace Platform.Replication.Rewinding;

/// <summary>
/// Stores a database file as one LTX file that holds every page, by way of a file beside it: neither the size of the
/// database nor that of its encoding is in memory.
/// </summary>
internal sealed class ImageUpload(IObjectStore store, PastImage image)
{
    /// <summary>What is read, and what is encoded before it goes to the disk.</summary>
    private const int PieceBytes = 1 << 20;

    /// <summary>True when the object is there with this content; false when the name holds other content.</summary>
    /// <exception cref="ObjectStoreException">It may be stored or not.</exception>
    public async Task<bool> StoreAsync(
        string replicaPath, int level, Txid min, Txid max, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var key = ReplicaPath.File(store.Layout, replicaPath, level, min, max);
        var path = image.Path + "-ltx";
        var header = new LtxHeader
        {
            PageSize = image.PageBytes,
            Commit = image.Commit,
            MinTxid = min,
            MaxTxid = max,
            TimestampMilliseconds = time.ToUnixTimeMilliseconds(),
        };
        try
        {
            await Task.Run(() => Encode(path, header, cancellationToken), cancellationToken);
            return await LtxUpload.StoreFileAsync(store, key, path, time, cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private void Encode(string path, in LtxHeader header, CancellationToken cancellationToken)
    {
        using var database = File.OpenHandle(image.Path, options: FileOptions.SequentialScan);
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        using var writer = new LtxWriter();
        writer.Begin(header);
        var piece = ArrayPool<byte>.Shared.Rent(Math.Max(PieceBytes, header.PageSize));
        var pages = (uint)(piece.Length / header.PageSize);
        try
        {
            for (var first = 0u; first < header.Commit; first += pages)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var content = piece.AsSpan(0, (int)Math.Min(pages, header.Commit - first) * header.PageSize);
                Read(database, content, (long)first * header.PageSize);
                AddPages(writer, header, content, first + 1);
                writer.DrainTo(file);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        writer.Complete();
        writer.DrainTo(file);
    }

    private static void AddPages(LtxWriter writer, in LtxHeader header, ReadOnlySpan<byte> content, uint number)
    {
        for (; !content.IsEmpty; content = content[header.PageSize..], number++)
        {
            if (number != header.LockPage)
            {
                writer.AddPage(number, content[..header.PageSize]);
            }
        }
    }

    private static void Read(SafeFileHandle file, Span<byte> content, long offset)
    {
        while (!content.IsEmpty)
        {
            var read = RandomAccess.Read(file, content, offset);
            if (read == 0)
            {
                throw new IOException("The restored database is shorter than its header says.");
            }

            content = content[read..];
            offset += read;
        }
    }
}
