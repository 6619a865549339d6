using System.Buffers.Binary;

namespace Platform.Replication.Wal;

/// <summary>The two numbers that tell one run of a WAL from the next; every frame of a run carries them.</summary>
/// <param name="First">Grows by one with each restart.</param>
/// <param name="Second">Random.</param>
internal readonly record struct WalSalts(uint First, uint Second)
{
    /// <summary>Reads the two big-endian words.</summary>
    public static WalSalts Read(ReadOnlySpan<byte> stored) => new(
        BinaryPrimitives.ReadUInt32BigEndian(stored), BinaryPrimitives.ReadUInt32BigEndian(stored[4..]));
}
