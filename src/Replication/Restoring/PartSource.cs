using System.Buffers;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Restoring;

/// <summary>
/// Downloads the parts of a sequence of objects ahead of their reader: several at a time, in order, each into a
/// pooled buffer. Large objects are divided, small ones are whole, so that both one big snapshot and thousands of
/// small files come in parallel with the same bounded memory: parallelism times the size of a part.
/// </summary>
internal sealed class PartSource(
    IObjectStore store, IEnumerator<ObjectPart> parts, int parallelism, RestoreMemory? memory) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<(ObjectPart Part, Task<byte[]> Content)> _ahead = new(parallelism);

    /// <summary>
    /// The next part with its content, whose first <see cref="ObjectPart.Bytes"/> bytes count; null at the end.
    /// The array is the caller's to <see cref="Return"/>.
    /// </summary>
    public async ValueTask<(ObjectPart Part, byte[] Content)?> NextAsync(CancellationToken cancellationToken)
    {
        while (_ahead.Count < parallelism && parts.MoveNext())
        {
            _ahead.Enqueue((parts.Current, DownloadAsync(parts.Current)));
        }

        if (!_ahead.TryPeek(out var next))
        {
            return null;
        }

        var content = await next.Content.WaitAsync(cancellationToken);
        _ahead.Dequeue();
        return (next.Part, content);
    }

    /// <summary>Gives the memory of a part back.</summary>
    public void Return(byte[] content)
    {
        ArrayPool<byte>.Shared.Return(content);
        memory?.Exit();
    }

    /// <summary>Stops the downloads and waits for their end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        while (_ahead.TryDequeue(out var next))
        {
            // Their failures do not matter any more; their end does, because they write into pooled buffers.
            await ((Task)next.Content).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next.Content.IsCompletedSuccessfully)
            {
                Return(await next.Content);
            }
        }

        _stop.Dispose();
    }

    private async Task<byte[]> DownloadAsync(ObjectPart part)
    {
        if (memory is not null)
        {
            await memory.EnterAsync(_stop.Token);
        }

        var content = ArrayPool<byte>.Shared.Rent(part.Bytes);
        try
        {
            await ReadAsync(part, content.AsMemory(0, part.Bytes));
            return content;
        }
        catch
        {
            Return(content);
            throw;
        }
    }

    private async Task ReadAsync(ObjectPart part, Memory<byte> content)
    {
        await using var stream = await store.OpenReadAsync(part.Key, part.Offset, part.Bytes, _stop.Token)
            ?? throw RestoreException.Gone(part.Key);
        var read = await stream.ReadAtLeastAsync(content, part.Bytes, throwOnEndOfStream: false, _stop.Token);
        if (read != part.Bytes)
        {
            throw new RestoreException(
                part.Key,
                $"it ends at byte {part.Offset + read}, before its listed size.",
                "The object was stored or copied only in part; put the original back.");
        }
    }
}
