using System.Buffers;

namespace Platform.Replication.Ltx;

/// <summary>Bytes written one after the other into one growing array from the shared pool.</summary>
internal sealed class PooledBuffer(int initialBytes) : IDisposable
{
    /// <summary>A larger array is given back between uses: one huge file must not be paid for ever after.</summary>
    private const int KeptBytesMax = 4 << 20;

    private byte[] _array = [];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    /// <summary>Room for <paramref name="bytes"/> more or longer; <see cref="Advance"/> tells what was used.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (_array.Length - Length < bytes)
        {
            Grow(bytes);
        }

        return _array.AsSpan(Length);
    }

    public void Advance(int bytes) => Length += bytes;

    public void Append(ReadOnlySpan<byte> data)
    {
        data.CopyTo(Reserve(data.Length));
        Advance(data.Length);
    }

    /// <summary>Forgets the content.</summary>
    public void Clear()
    {
        Length = 0;
        if (_array.Length > KeptBytesMax)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        Length = 0;
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = [];
        }
    }

    private void Grow(int bytes)
    {
        var needed = (long)Length + bytes;
        if (needed > Array.MaxLength)
        {
            throw new LtxException(LtxFault.TooLarge, $"a file of more than {Array.MaxLength} bytes is refused.");
        }

        var wanted = Math.Min(Math.Max(Math.Max(needed, 2L * _array.Length), initialBytes), Array.MaxLength);
        var larger = ArrayPool<byte>.Shared.Rent((int)wanted);
        _array.AsSpan(0, Length).CopyTo(larger);
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
