using System.Buffers.Binary;
using Platform.Replication.Ltx;

namespace Platform.Replication.Tests.Ltx;

public sealed class LtxDamageTests
{
    public static TheoryData<string> SmallFiles => ["increment", "snapshot", "frames", "tracked"];

    [Theory]
    [MemberData(nameof(SmallFiles))]
    public async Task No_changed_byte_goes_unnoticed(string kind)
    {
        var file = Small(kind);
        var original = LtxContent.Decode(file);
        var damaged = file.ToArray();
        foreach (var difference in new byte[] { 0x01, 0xFF })
        {
            for (var position = 0; position < file.Length; position++)
            {
                damaged[position] ^= difference;
                await AssertDetectedOrHarmlessAsync(damaged, original);
                damaged[position] = file[position];
            }
        }
    }

    [Theory]
    [MemberData(nameof(SmallFiles))]
    public async Task No_missing_end_goes_unnoticed(string kind)
    {
        var file = Small(kind);
        for (var length = 0; length < file.Length; length++)
        {
            var part = file[..length];
            Assert.Equal(LtxFault.Truncated, Assert.Throws<LtxException>(() => LtxContent.Decode(part)).Fault);
            var streamed = await Assert.ThrowsAsync<LtxException>(
                () => LtxContent.DecodeAsync(new MemoryStream(part)));
            Assert.Equal(LtxFault.Truncated, streamed.Fault);
        }
    }

    [Fact]
    public async Task A_byte_after_the_trailer_is_noticed()
    {
        byte[] file = [.. Small("snapshot"), 0];
        Assert.Equal(LtxFault.TrailingBytes, Assert.Throws<LtxException>(() => LtxContent.Decode(file)).Fault);
        var streamed = await Assert.ThrowsAsync<LtxException>(
            () => LtxContent.DecodeAsync(new TricklingStream(file, 7)));
        Assert.Equal(LtxFault.TrailingBytes, streamed.Fault);
    }

    [Fact]
    public void Noise_is_refused_and_never_hangs()
    {
        var random = new Random(77);
        for (var round = 0; round < 500; round++)
        {
            var file = Small("increment");
            var start = random.Next(100, file.Length);
            random.NextBytes(file.AsSpan(start, random.Next(1, file.Length - start + 1)));
            if (!file.AsSpan().SequenceEqual(Small("increment")))
            {
                Assert.Throws<LtxException>(() => LtxContent.Decode(file));
            }
        }
    }

    [Fact]
    public void A_reader_of_a_damaged_file_stays_refused()
    {
        var file = Small("increment");
        file[^1] ^= 1;
        var reader = new LtxMemoryReader(file);
        var page = new byte[reader.Header.PageSize];
        Assert.Throws<LtxException>(() =>
        {
            while (reader.ReadPage(page) != 0)
            {
            }
        });
        Assert.Throws<InvalidOperationException>(() => reader.ReadPage(page));
        Assert.Equal(0UL, reader.FileChecksum);
    }

    [Theory]
    [InlineData(0, LtxFault.BadMagic)]
    [InlineData(7, LtxFault.UnknownFlags)]
    [InlineData(11, LtxFault.BadPageSize)]
    [InlineData(23, LtxFault.BadTxidRange)]
    [InlineData(63, LtxFault.BadWalPosition)]
    [InlineData(47, LtxFault.BadDatabaseChecksum)]
    [InlineData(105, LtxFault.BadPageFlags)]
    public void The_fault_says_what_is_wrong(int position, LtxFault expected)
    {
        var file = Small("snapshot");
        file[position] = 0x40;
        Assert.Equal(expected, Assert.Throws<LtxException>(() => LtxContent.Decode(file)).Fault);
    }

    [Theory]
    [InlineData(1, LtxFault.BadPageNumber)]
    [InlineData(2, LtxFault.BadPageNumber)]
    [InlineData(11, LtxFault.BadPageNumber)]
    [InlineData(4, LtxFault.BadIndex)]
    public void A_wrong_page_number_is_refused_though_the_file_checksum_fits(byte number, LtxFault fault)
    {
        var file = Samples.File(new Random(3), Samples.Header(512, 10, 2, 2), [2, 3]).Encode();
        file[100 + 10 + BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(106)) + 3] = number;
        Seal(file);
        Assert.Equal(fault, Assert.Throws<LtxException>(() => LtxContent.Decode(file)).Fault);
    }

    [Fact]
    public void A_snapshot_without_its_last_page_is_refused_though_the_file_checksum_fits()
    {
        var file = Small("snapshot");
        file[15]++;
        Seal(file);
        Assert.Equal(LtxFault.IncompleteSnapshot, Assert.Throws<LtxException>(() => LtxContent.Decode(file)).Fault);
    }

    [Fact]
    public void A_database_checksum_that_the_pages_contradict_is_refused()
    {
        var file = Small("tracked");
        file[^9] ^= 1;
        Seal(file);
        Assert.Equal(LtxFault.BadDatabaseChecksum, Assert.Throws<LtxException>(() => LtxContent.Decode(file)).Fault);
    }

    private static byte[] Small(string kind) => kind switch
    {
        "increment" => Samples.File(new Random(3), Samples.Header(512, 10, 2, 2), [2, 3, 9]).Encode(),
        "snapshot" => Samples.Snapshot(new Random(4), 512, commit: 3, max: 2).Encode(),
        "frames" => FrameFormEncoder.Encode(Samples.Snapshot(new Random(4), 512, commit: 3, max: 2)),
        _ => LtxVectors.Read(LtxVectors.Files.First(file => file is { Flags: 0, MinTxid: 1 }).File),
    };

    private static async Task AssertDetectedOrHarmlessAsync(byte[] damaged, LtxContent original)
    {
        var memory = Record.Exception(() => original.AssertSamePages(LtxContent.Decode(damaged)));
        var stream = await Record.ExceptionAsync(
            async () => original.AssertSamePages(await LtxContent.DecodeAsync(new MemoryStream(damaged))));
        Assert.Equal(memory?.Message, stream?.Message);
        Assert.True(memory is null or LtxException, memory?.ToString());
    }

    /// <summary>Makes the file checksum fit whatever else the file says.</summary>
    private static void Seal(byte[] file)
    {
        var pageSize = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(8));
        var page = new byte[pageSize];
        var checksum = default(Crc64);
        checksum.Append(file.AsSpan(0, 100));
        var position = 100;
        while (BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position)) != 0)
        {
            var blockBytes = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(position + 6));
            checksum.Append(file.AsSpan(position, 10));
            Assert.True(Lz4.TryDecompress(file.AsSpan(position + 10, blockBytes), page));
            checksum.Append(page);
            position += 10 + blockBytes;
        }

        checksum.Append(file.AsSpan(position..^8));
        BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(file.Length - 8), checksum.Value | (1UL << 63));
    }
}
