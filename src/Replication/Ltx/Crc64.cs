namespace Platform.Replication.Ltx;

/// <summary>
/// CRC-64/GO-ISO, the checksum of LTX: reflected polynomial 0xD800000000000000, initial and final value all ones.
/// The check value of "123456789" is 0xb90956c775a41001. A default value has seen no bytes.
/// </summary>
public struct Crc64
{
    /// <summary>The checksum of the bytes so far. Kept inverted, so that a default value is a fresh one.</summary>
    public ulong Value { readonly get; private set; }

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static ulong Compute(ReadOnlySpan<byte> data)
    {
        var crc = default(Crc64);
        crc.Append(data);
        return crc.Value;
    }

    /// <summary>Takes in more bytes.</summary>
    public void Append(ReadOnlySpan<byte> data) =>
        Value = ~(Crc64Folding.IsSupported && data.Length >= Crc64Folding.BytesMin
            ? Crc64Folding.Update(~Value, data)
            : Crc64Tables.Update(~Value, data));
}
