using System.Buffers;
using Platform.Replication.Ltx;
using Platform.Replication.Shipping;

namespace Platform.Replication.Scrubbing;

/// <summary>
/// A checksum of each page of a database as of a transaction: 8 bytes for each, so that the database need not be kept as
/// it was, nor be locked, while the replica is restored to be compared with it.
/// </summary>
internal sealed class PageHashes
{
    private const int ReadBytes = 256 * 1024;

    private readonly ulong[] _pages;

    private PageHashes(ShippedState state, ulong[] pages) => (State, _pages) = (state, pages);

    /// <summary>The transaction.</summary>
    public ShippedState State { get; }

    /// <summary>Of the live database; null when its WAL was restarted meanwhile.</summary>
    public static PageHashes? Of(ShippedState state, DatabaseFile file, CancellationToken cancellationToken)
    {
        if (!ShippedImage.TryOpen(file, state, out var image))
        {
            return null;
        }

        var scratch = ArrayPool<byte>.Shared.Rent(state.PageBytes);
        try
        {
            var pages = new ulong[state.Commit];
            for (var page = 1u; page <= state.Commit; page++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (page != LtxFormat.LockPage(state.PageBytes))
                {
                    pages[page - 1] = HashOf(image.Pages.ReadPage(page, scratch.AsSpan(0, state.PageBytes)));
                }
            }

            return image.WasIntact ? new PageHashes(state, pages) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
            image.Dispose();
        }
    }

    /// <summary>The first page of a restored file that is not what it was, or 0; the page behind the end counts.</summary>
    public uint FirstDifference(string path, CancellationToken cancellationToken)
    {
        var pageBytes = State.PageBytes;
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(ReadBytes, pageBytes));
        var piece = buffer.Length / pageBytes * pageBytes;
        try
        {
            var page = 1u;
            for (var offset = 0L; offset < Math.Min(length, State.DatabaseBytes);)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = RandomAccess.Read(file, buffer.AsSpan(0, piece), offset) / pageBytes * pageBytes;
                for (var start = 0; start < read; start += pageBytes, page++)
                {
                    if (page != LtxFormat.LockPage(pageBytes)
                        && (page > _pages.Length || HashOf(buffer.AsSpan(start, pageBytes)) != _pages[page - 1]))
                    {
                        return page;
                    }
                }

                if (read == 0)
                {
                    return page;
                }

                offset += read;
            }

            return length == State.DatabaseBytes ? 0 : page;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ulong HashOf(ReadOnlySpan<byte> page)
    {
        var hash = default(Crc64);
        hash.Append(page);
        return hash.Value;
    }
}
