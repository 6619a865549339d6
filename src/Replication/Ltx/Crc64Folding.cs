using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Replication.Ltx;

/// <summary>
/// CRC-64/GO-ISO by carry-less multiplication, 64 bytes a step (Gopal et al., "Fast CRC Computation for Generic
/// Polynomials Using PCLMULQDQ Instruction", Intel 2009). Works on the raw register, like <see cref="Crc64Tables"/>.
/// </summary>
/// <remarks>
/// A 16-byte block is a polynomial A = A0 * x^64 + A1, where A0 is the low lane. Moving it D bits on, modulo the
/// polynomial, is A0 * x^(D+64) + A1 * x^D. Multiplying two reflected values shifts the product by one, so the
/// constants are one power lower.
/// </remarks>
internal static class Crc64Folding
{
    /// <summary>Below one step of 64 bytes the tables are as fast.</summary>
    public const int BytesMin = StepBytes;

    private const int BlockBytes = 16;
    private const int StepBytes = 4 * BlockBytes;

    private static readonly Vector128<ulong> OverStep = Constants(StepBytes * 8);
    private static readonly Vector128<ulong> OverBlock = Constants(BlockBytes * 8);

    public static bool IsSupported => Pclmulqdq.IsSupported && BitConverter.IsLittleEndian;

    public static ulong Update(ulong register, ReadOnlySpan<byte> data)
    {
        ref var start = ref MemoryMarshal.GetReference(data);
        var block0 = Load(ref start, 0) ^ Vector128.CreateScalar(register);
        var block1 = Load(ref start, 16);
        var block2 = Load(ref start, 32);
        var block3 = Load(ref start, 48);
        var offset = StepBytes;
        for (; data.Length - offset >= StepBytes; offset += StepBytes)
        {
            block0 = Fold(block0, OverStep) ^ Load(ref start, offset);
            block1 = Fold(block1, OverStep) ^ Load(ref start, offset + 16);
            block2 = Fold(block2, OverStep) ^ Load(ref start, offset + 32);
            block3 = Fold(block3, OverStep) ^ Load(ref start, offset + 48);
        }

        var block = Fold(block0, OverBlock) ^ block1;
        block = Fold(block, OverBlock) ^ block2;
        block = Fold(block, OverBlock) ^ block3;
        for (; data.Length - offset >= BlockBytes; offset += BlockBytes)
        {
            block = Fold(block, OverBlock) ^ Load(ref start, offset);
        }

        // The block stands for all bytes so far: its own CRC from an empty register is theirs.
        Span<byte> rest = stackalloc byte[BlockBytes];
        block.AsByte().CopyTo(rest);
        return Crc64Tables.Update(Crc64Tables.Update(0, rest), data[offset..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ref byte start, int offset) =>
        Vector128.LoadUnsafe(ref start, (nuint)offset).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector128<ulong> block, Vector128<ulong> constants) =>
        Pclmulqdq.CarrylessMultiply(block, constants, 0x00) ^ Pclmulqdq.CarrylessMultiply(block, constants, 0x11);

    private static Vector128<ulong> Constants(int bits) => Vector128.Create(Power(bits + 63), Power(bits - 1));

    /// <summary>x to the given power, modulo the polynomial.</summary>
    private static ulong Power(int exponent)
    {
        var value = 1UL << 63;
        for (; exponent > 0; exponent--)
        {
            value = (value & 1) != 0 ? (value >> 1) ^ Crc64Tables.Polynomial : value >> 1;
        }

        return value;
    }
}
