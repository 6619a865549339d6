using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.Replication.Ltx;

/// <summary>
/// CRC-64/GO-ISO by tables, eight bytes a step ("slicing by 8", Kounavis and Berry 2005). Works on the raw register:
/// inversion before and after is the caller's.
/// </summary>
internal static class Crc64Tables
{
    /// <summary>x^64 + x^4 + x^3 + x + 1 without its top term, lowest power in the highest bit.</summary>
    public const ulong Polynomial = 0xD800000000000000;

    private const int Slices = 8;

    /// <summary>Entry [k * 256 + b]: the register after byte b and k zero bytes.</summary>
    private static readonly ulong[] Table = Build();

    public static ulong Update(ulong register, ReadOnlySpan<byte> data)
    {
        ref var table = ref MemoryMarshal.GetArrayDataReference(Table);
        while (data.Length >= Slices)
        {
            var word = register ^ BinaryPrimitives.ReadUInt64LittleEndian(data);
            register = Entry(ref table, 7, word)
                ^ Entry(ref table, 6, word >> 8)
                ^ Entry(ref table, 5, word >> 16)
                ^ Entry(ref table, 4, word >> 24)
                ^ Entry(ref table, 3, word >> 32)
                ^ Entry(ref table, 2, word >> 40)
                ^ Entry(ref table, 1, word >> 48)
                ^ Entry(ref table, 0, word >> 56);
            data = data[Slices..];
        }

        foreach (var value in data)
        {
            register = Entry(ref table, 0, register ^ value) ^ (register >> 8);
        }

        return register;
    }

    // The index is always below Slices * 256: a slice is a constant and a byte is a byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Entry(ref ulong table, int slice, ulong value) =>
        Unsafe.Add(ref table, (nuint)((slice << 8) | (byte)value));

    private static ulong[] Build()
    {
        var table = new ulong[Slices * 256];
        for (var value = 0; value < 256; value++)
        {
            var register = (ulong)value;
            for (var bit = 0; bit < 8; bit++)
            {
                register = (register & 1) != 0 ? (register >> 1) ^ Polynomial : register >> 1;
            }

            table[value] = register;
        }

        for (var index = 256; index < table.Length; index++)
        {
            var shorter = table[index - 256];
            table[index] = table[(byte)shorter] ^ (shorter >> 8);
        }

        return table;
    }
}
