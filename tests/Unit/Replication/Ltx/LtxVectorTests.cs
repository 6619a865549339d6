using System.Globalization;

namespace Platform.Replication.Tests.Ltx;

public sealed class LtxVectorTests
{
    public static TheoryData<string> Files => [.. LtxVectors.Files.Select(file => file.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_vector_decodes_to_what_its_manifest_says(string name)
    {
        var entry = LtxVectors.Files.Single(file => file.File == name);
        var bytes = LtxVectors.Read(name);
        var content = LtxContent.Decode(bytes);

        Assert.Equal(entry.MinTxid, content.Header.MinTxid.Value);
        Assert.Equal(entry.MaxTxid, content.Header.MaxTxid.Value);
        Assert.Equal(entry.TimestampMilliseconds, content.Header.TimestampMilliseconds);
        Assert.Equal(entry.Commit, content.Header.Commit);
        Assert.Equal(entry.Flags == 0, content.Header.TracksDatabaseChecksum);
        Assert.Equal(entry.Pages, content.Pages.Keys);
        Assert.Equal(entry.FileChecksum, content.FileChecksum.ToString("x16", CultureInfo.InvariantCulture));

        var streamed = await LtxContent.DecodeAsync(new MemoryStream(bytes));
        Assert.Equal(content.Header, streamed.Header);
        Assert.Equal(content.FileChecksum, streamed.FileChecksum);
        content.AssertSamePages(streamed);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_vector_written_again_has_the_same_content(string name)
    {
        var content = LtxContent.Decode(LtxVectors.Read(name));
        var again = LtxContent.Decode(content.Encode());
        content.AssertSamePages(again);
        Assert.False(again.Header.TracksDatabaseChecksum);
        Assert.Equal(content.Header.MaxTxid, again.Header.MaxTxid);
        Assert.Equal(content.Header.WalOffset, again.Header.WalOffset);
        Assert.Equal(content.Header.WalSalt2, again.Header.WalSalt2);
    }

    [Fact]
    public void Every_page_of_a_vector_is_that_of_the_database_at_its_txid()
    {
        foreach (var entry in LtxVectors.Cases)
        {
            foreach (var file in entry.Files)
            {
                var image = LtxVectors.Read(entry.Images.Single(image => image.Txid == file.MaxTxid).File);
                var content = LtxContent.Decode(LtxVectors.Read(file.File));
                var size = content.Header.PageSize;
                Assert.Equal(image.Length, size * content.Header.Commit);
                Assert.All(content.Pages, page => Assert.Equal(
                    image[(int)((page.Key - 1) * size)..(int)(page.Key * size)], page.Value));
            }
        }
    }

    [Fact]
    public void A_snapshot_and_an_increment_make_the_database()
    {
        var database = new SortedDictionary<uint, byte[]>();
        foreach (var name in new[] { "0000000000000001-0000000000000001.ltx", "0000000000000002-0000000000000002.ltx" })
        {
            foreach (var (number, page) in LtxContent.Decode(LtxVectors.ReadPlain(name)).Pages)
            {
                database[number] = page;
            }
        }

        Assert.Equal(LtxVectors.ReadPlain("v2.db"), database.Values.SelectMany(page => page));
    }
}
