using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.TenantShard.Http;

/// <summary>
/// A response body being written: a JSON writer over a growing array. Taken from <see cref="JsonBufferPool"/> and
/// given back by the request that took it.
/// </summary>
internal sealed class JsonBuffer : IBufferWriter<byte>
{
    // Go's encoder, too, leaves all but control characters, quotes and backslashes to the reader; the content type
    // says JSON, so no browser reads it as HTML.
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private byte[] _bytes;
    private int _count;

    public JsonBuffer(int capacity)
    {
        _bytes = new byte[capacity];
        Writer = new Utf8JsonWriter(this, WriterOptions);
    }

    public Utf8JsonWriter Writer { get; }

    public int Capacity => _bytes.Length;

    /// <summary>What was written; valid until the next write. The writer must have been flushed.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _count);

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_count);
    }

    /// <summary>
    /// Moves what the writer still holds into the array; nothing is awaited, since nothing leaves memory.
    /// </summary>
    public void Complete() => Writer.Flush();

    public void Clear()
    {
        _count = 0;
        Writer.Reset();
    }

    private void Reserve(int sizeHint)
    {
        var needed = _count + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length) Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
    }
}
