using System.Buffers.Binary;
using Platform.Replication.Tests.Shipping;
using Platform.Replication.Wal;
using Platform.Testing;

namespace Platform.Replication.Tests.Wal;

public sealed class WalReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string WalPath => _folder["data.db-wal"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_empty_or_foreign_file_has_no_header()
    {
        Assert.Null(WalReader.TryOpen(WalPath));
        foreach (var content in new[] { [], new byte[31], new byte[32], new byte[5000] })
        {
            File.WriteAllBytes(WalPath, content);
            using var wal = WalReader.TryOpen(WalPath)!;
            Assert.False(wal.TryReadHeader());
        }
    }

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    [InlineData(65536)]
    public void Each_committed_transaction_is_found_from_where_the_last_ended(int pageBytes)
    {
        using var database = Create(pageBytes);
        var position = WalPosition.None;
        for (var id = 1; id <= 5; id++)
        {
            database.Execute($"insert into t values({id}, randomblob({id * pageBytes}))");
            using var wal = Open();
            position = position.IsNone ? wal.Header.Start : position;
            using var pages = new WalPageList();

            var scan = wal.Scan(position, pages, long.MaxValue);

            Assert.Equal((1, false), (scan.Transactions, scan.HasMore));
            Assert.Equal(new FileInfo(WalPath).Length, scan.End.Offset);
            Assert.True(pages.Count > id);
            position = scan.End;
        }

        RequireSameAsCheckpointed(database);
    }

    [Fact]
    public void Frames_of_a_transaction_that_is_not_committed_do_not_count()
    {
        using var database = Create(4096);
        database.Execute("insert into t values(1, 'one')");
        var committed = new FileInfo(WalPath).Length;
        database.Execute("pragma cache_size=2; begin; insert into t values(2, randomblob(500000))");
        Assert.True(new FileInfo(WalPath).Length > committed);

        RequireEnd(committed, transactions: 1);
        database.Execute("rollback; insert into t values(3, 'three')");
        RequireEnd(committed + 4120, transactions: 2);
    }

    [Fact]
    public void Every_truncation_ends_at_the_last_whole_transaction()
    {
        using var database = Create(512);
        var ends = new List<long> { WalHeader.Bytes };
        for (var id = 1; id <= 4; id++)
        {
            database.Execute($"insert into t values({id}, randomblob(300))");
            ends.Add(new FileInfo(WalPath).Length);
        }

        var content = File.ReadAllBytes(WalPath);
        for (var length = content.Length; length >= WalHeader.Bytes; length -= 7)
        {
            File.WriteAllBytes(_folder["cut"], content[..length]);
            RequireEnd(ends.Last(end => end <= length), ends.FindLastIndex(end => end <= length), _folder["cut"]);
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_ends_the_wal_before_its_transaction()
    {
        using var database = Create(512);
        var ends = new List<long> { WalHeader.Bytes };
        for (var id = 1; id <= 3; id++)
        {
            database.Execute($"insert into t values({id}, randomblob(300))");
            ends.Add(new FileInfo(WalPath).Length);
        }

        var content = File.ReadAllBytes(WalPath);
        for (var offset = WalHeader.Bytes; offset < content.Length; offset += 3)
        {
            content[offset] ^= 0x10;
            File.WriteAllBytes(_folder["flipped"], content);
            content[offset] ^= 0x10;
            RequireEnd(ends.Last(end => end <= offset), ends.FindLastIndex(end => end <= offset), _folder["flipped"]);
        }
    }

    [Fact]
    public void Both_byte_orders_of_checksums_are_read()
    {
        using var database = Create(1024);
        database.Execute("insert into t values(1, randomblob(5000))");
        database.Execute("insert into t values(2, randomblob(5000))");
        var content = File.ReadAllBytes(WalPath);
        var isBigEndian = content[3] == 0x83;

        content[3] ^= 1;
        Checksum(content, !isBigEndian);
        File.WriteAllBytes(_folder["other"], content);

        RequireEnd(content.Length, transactions: 2, _folder["other"]);
    }

    [Fact]
    public void A_limit_stops_behind_the_first_transaction_that_reaches_it()
    {
        using var database = Create(4096);
        database.Execute("insert into t values(1, 'one')");
        var first = new FileInfo(WalPath).Length;
        database.Execute("insert into t values(2, 'two')");
        using var wal = Open();
        using var pages = new WalPageList();

        var scan = wal.Scan(wal.Header.Start, pages, first - WalHeader.Bytes);
        Assert.Equal((first, true), (scan.End.Offset, scan.HasMore));
        scan = wal.Scan(wal.Header.Start, pages, first - WalHeader.Bytes + 1);
        Assert.Equal((2, true), (scan.Transactions, scan.HasMore));
    }

    [Fact]
    public void A_wal_larger_than_every_buffer_is_read_whole()
    {
        using var database = Create(4096);
        database.Execute("insert into t values(1, randomblob(5000000))");
        database.Execute("update t set v = randomblob(5000000)");

        RequireSameAsCheckpointed(database);
    }

    [Fact]
    public void A_restart_changes_the_salts_and_hides_what_is_left_of_the_old_frames()
    {
        using var database = Create(4096);
        database.Execute("insert into t values(1, randomblob(50000))");
        using var before = Open();
        Assert.True(database.Checkpoint("restart"));
        using (var leftOver = Open())
        {
            Assert.Equal(before.Header.Salts, leftOver.Header.Salts);
        }

        database.Execute("insert into t values(2, 'two')");

        using var after = Open();
        Assert.NotEqual(before.Header.Salts, after.Header.Salts);
        using var pages = new WalPageList();
        Assert.Equal(1, after.Scan(after.Header.Start, pages, long.MaxValue).Transactions);
        Assert.Equal(1, pages.Count);
    }

    [Fact]
    public void A_page_list_keeps_the_last_frame_of_each_page_up_to_the_commit()
    {
        using var pages = new WalPageList();
        for (var frame = 0u; frame < 1000; frame++)
        {
            pages.Add((frame % 10) + 1, frame);
        }

        pages.Truncate(995);
        pages.Seal(commit: 8);

        Assert.Equal(8, pages.Count);
        Assert.Equal([990, 991, 992, 993, 994, 985, 986, 987], Enumerable.Range(0, 8).Select(index => (int)pages.FrameAt(index)));
        Assert.Equal(985, pages.FindFrame(6));
        Assert.Equal(-1, pages.FindFrame(9));
    }

    private TestDatabase Create(int pageBytes)
    {
        TestDatabase.CreateTemplate(_folder["data.db"], pageBytes);
        return new TestDatabase(_folder["data.db"], pageBytes);
    }

    private WalReader Open(string? path = null)
    {
        var wal = WalReader.TryOpen(path ?? WalPath)!;
        Assert.True(wal.TryReadHeader());
        return wal;
    }

    private void RequireEnd(long offset, int transactions, string? path = null)
    {
        using var wal = Open(path);
        using var pages = new WalPageList();
        var scan = wal.Scan(wal.Header.Start, pages, long.MaxValue);
        Assert.Equal((offset, transactions), (scan.End.Offset, scan.Transactions));
    }

    // The last frame of each page is what SQLite's own checkpoint moves into the file.
    private void RequireSameAsCheckpointed(TestDatabase database)
    {
        var frames = new Dictionary<uint, byte[]>();
        using (var wal = Open())
        using (var pages = new WalPageList())
        {
            var scan = wal.Scan(wal.Header.Start, pages, long.MaxValue);
            pages.Seal(scan.Commit);
            var scratch = new byte[wal.Header.PageBytes];
            for (var index = 0; index < pages.Count; index++)
            {
                frames.Add(pages.PageAt(index), wal.ReadPage(pages.FrameAt(index), scratch).ToArray());
            }
        }

        Assert.True(database.Checkpoint());
        using var file = File.OpenRead(database.Path);
        foreach (var (page, content) in frames)
        {
            var actual = new byte[content.Length];
            file.Position = (page - 1L) * content.Length;
            file.ReadExactly(actual);
            Assert.Equal(content, actual);
        }
    }

    // The algorithm of the format's description, word for word.
    private static void Checksum(byte[] wal, bool isBigEndian)
    {
        var (first, second) = Sum(0, 0, wal.AsSpan(0, 24), isBigEndian);
        Store(wal.AsSpan(24), first, second);
        var frameBytes = 24 + BinaryPrimitives.ReadInt32BigEndian(wal.AsSpan(8));
        for (var offset = 32; offset < wal.Length; offset += frameBytes)
        {
            (first, second) = Sum(first, second, wal.AsSpan(offset, 8), isBigEndian);
            (first, second) = Sum(first, second, wal.AsSpan(offset + 24, frameBytes - 24), isBigEndian);
            Store(wal.AsSpan(offset + 16), first, second);
        }
    }

    private static (uint First, uint Second) Sum(uint first, uint second, ReadOnlySpan<byte> content, bool isBigEndian)
    {
        for (; content.Length > 0; content = content[8..])
        {
            first += Word(content) + second;
            second += Word(content[4..]) + first;
        }

        return (first, second);

        uint Word(ReadOnlySpan<byte> word) => isBigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(word)
            : BinaryPrimitives.ReadUInt32LittleEndian(word);
    }

    private static void Store(Span<byte> target, uint first, uint second)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, first);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], second);
    }
}
