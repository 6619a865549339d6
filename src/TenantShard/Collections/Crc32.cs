namespace Platform.TenantShard.Collections;

/// <summary>CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320): the checksum in generated ids.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        // Ids are made of short names, now and then: no table is worth its memory.
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Polynomial;
        }

        return ~crc;
    }
}
