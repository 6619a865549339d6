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

    /// <summary>Bytes that a buffer has without being counted; a list of 30 usual records fits.</summary>
    public const int FreeBytes = 256 << 10;

    /// <summary>Bytes of a buffer that no request holds: what is asked of the database at once.</summary>
    private const long BytesMax = 256L << 20;

    private byte[] _bytes;
    private int _count;
    private BodyLease? _lease;

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

    /// <summary>Says who answers for what it grows to; null for nobody.</summary>
    public void Charge(BodyLease? lease) => _lease = lease;

    private Exception TooLarge() =>
        _lease is null ? new InvalidOperationException("A body is too large.") : _lease.TooLarge();

    private void Reserve(int sizeHint)
    {
        var needed = _count + (long)Math.Max(sizeHint, 1);
        if (needed <= _bytes.Length) return;
        var bytesMax = _lease?.AnswerBytesMax ?? BytesMax;
        if (needed > bytesMax) throw TooLarge();
        var size = (int)Math.Min(Math.Max(needed, _bytes.Length * 2L), bytesMax);
        if (size > FreeBytes) _lease?.Take(size - Math.Max(_bytes.Length, FreeBytes));
        Array.Resize(ref _bytes, size);
    }
}
