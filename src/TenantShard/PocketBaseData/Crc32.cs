namespace Platform.TenantShard.PocketBaseData;

/// <summary>The checksum of a zip's entries (ISO 3309, polynomial 0x04C11DB7, reflected). .NET reads zips without it.</summary>
internal struct Crc32()
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(static value => Entry((uint)value))];

    private uint _state = uint.MaxValue;

    public readonly uint Value => ~_state;

    public void Append(ReadOnlySpan<byte> data)
    {
        var state = _state;
        foreach (var value in data) state = Table[(byte)(state ^ value)] ^ (state >> 8);
        _state = state;
    }

    private static uint Entry(uint value)
    {
        for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
        return value;
    }
}
