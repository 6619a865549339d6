using Platform.Replication.Ltx;

namespace Platform.Replication.Tests.Ltx;

public sealed class Crc64Tests
{
    [Fact]
    public void The_check_value_is_that_of_the_catalogue() =>
        Assert.Equal(0xb90956c775a41001UL, Crc64.Compute("123456789"u8));

    [Fact]
    public void Nothing_has_checksum_zero() => Assert.Equal(0UL, default(Crc64).Value);

    [Fact]
    public void Every_length_and_alignment_agrees_with_one_bit_at_a_time()
    {
        var data = Bytes(700);
        for (var start = 0; start < 17; start++)
        {
            for (var length = 0; length <= data.Length - start; length += length < 200 ? 1 : 37)
            {
                var span = data.AsSpan(start, length);
                var expected = BitByBit(span);
                Assert.Equal(expected, Crc64.Compute(span));
                Assert.Equal(expected, ~Crc64Tables.Update(ulong.MaxValue, span));
            }
        }
    }

    [PclmulqdqFact]
    public void Folding_agrees_with_tables_from_any_register()
    {
        var data = Bytes(65536);
        foreach (var length in new[] { 64, 65, 79, 80, 127, 128, 129, 512, 4096, 4099, 65536 })
        {
            Assert.Equal(
                Crc64Tables.Update(0x0123456789ABCDEF, data.AsSpan(0, length)),
                Crc64Folding.Update(0x0123456789ABCDEF, data.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Parts_add_up_to_the_whole()
    {
        var data = Bytes(5000);
        for (var cut = 0; cut <= data.Length; cut += 61)
        {
            var crc = default(Crc64);
            crc.Append(data.AsSpan(0, cut));
            crc.Append(data.AsSpan(cut));
            Assert.Equal(Crc64.Compute(data), crc.Value);
        }
    }

    private static byte[] Bytes(int count)
    {
        var data = new byte[count];
        new Random(64).NextBytes(data);
        return data;
    }

    private static ulong BitByBit(ReadOnlySpan<byte> data)
    {
        var register = ulong.MaxValue;
        foreach (var value in data)
        {
            register ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                register = (register & 1) != 0 ? (register >> 1) ^ 0xD800000000000000 : register >> 1;
            }
        }

        return ~register;
    }
}
