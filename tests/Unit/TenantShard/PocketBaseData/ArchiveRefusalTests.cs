using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Platform.TenantShard.PocketBaseData;

namespace Platform.TenantShard.Tests.PocketBaseData;

public sealed class ArchiveRefusalTests : IDisposable
{
    private readonly UploadFixture _upload = new();

    [Fact]
    public async Task What_is_no_zip_is_refused()
    {
        var path = _upload.File("upload.zip");
        foreach (var content in (string[])["", "short", new string('x', 100_000)])
        {
            await File.WriteAllTextAsync(path, content);
            Assert.Equal(["zip: validation_damaged"], await _upload.RefusalAsync(path));
        }
    }

    [Fact]
    public async Task A_zip_that_was_cut_off_is_refused()
    {
        var path = _upload.Zip(("data.db", _upload.Database()));
        var whole = await File.ReadAllBytesAsync(path);
        foreach (var length in (int[])[whole.Length / 2, whole.Length - 1, whole.Length - 21])
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            Assert.Equal(["zip: validation_damaged"], await _upload.RefusalAsync(path));
        }
    }

    [Fact]
    public async Task A_zip_without_a_database_or_with_several_is_refused()
    {
        var database = _upload.Database();
        Assert.Equal(["zip: validation_required"], await _upload.RefusalAsync(("storage/a/b/c.txt", [1])));
        Assert.Equal(
            ["zip: validation_ambiguous"], await _upload.RefusalAsync(("a/data.db", database), ("b/data.db", database)));
        Assert.Equal(
            ["zip: validation_ambiguous"], await _upload.RefusalAsync(("data.db", database), ("data.db", database)));
    }

    [Theory]
    [InlineData("../outside.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("storage/../../x")]
    [InlineData("storage\\..\\x")]
    [InlineData("storage//x")]
    [InlineData("storage/./x")]
    public async Task Names_that_lead_elsewhere_are_refused(string name) => Assert.Equal(
        ["zip: validation_invalid_name"], await _upload.RefusalAsync(("data.db", _upload.Database()), (name, [1])));

    [Fact]
    public async Task The_number_of_entries_is_bounded_at_the_limit_and_above()
    {
        var entries = Enumerable.Range(0, 9).Select(number => ($"storage/a/b/{number}", new byte[] { 1 })).ToList();
        var path = _upload.Zip([("data.db", _upload.Database()), .. entries]);
        (await _upload.ReadAsync(path, new ImportLimits { EntriesMax = 10 })).Dispose();
        Assert.Equal(
            ["zip: validation_too_large"], await _upload.RefusalAsync(path, new ImportLimits { EntriesMax = 9 }));
    }

    [Fact]
    public async Task An_end_that_understates_the_entries_does_not_help()
    {
        var entries = Enumerable.Range(0, 50).Select(number => ($"storage/a/b/{new string('n', 200)}{number}", new byte[1]));
        var path = _upload.Zip([("data.db", _upload.Database()), .. entries]);
        var bytes = await File.ReadAllBytesAsync(path);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - 22 + 8), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - 22 + 10), 1);
        await File.WriteAllBytesAsync(path, bytes);
        Assert.Equal(
            ["zip: validation_too_large"], await _upload.RefusalAsync(path, new ImportLimits { EntriesMax = 10 }));
    }

    [Fact]
    public async Task A_zip_that_unpacks_to_far_more_than_itself_is_refused()
    {
        var zeros = new byte[100 << 20];
        Assert.Equal(
            ["zip: validation_too_large"],
            await _upload.RefusalAsync(("data.db", _upload.Database()), ("storage/a/b/bomb", zeros)));
    }

    [Fact]
    public async Task An_entry_that_is_larger_than_it_claims_is_not_unpacked_further_and_refused()
    {
        var path = _upload.Zip(("data.db", _upload.Database()));
        var bytes = await File.ReadAllBytesAsync(path);
        // The uncompressed size in the directory: 24 bytes into the last header, which is that of the only entry.
        var header = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(header + 24), 4096);
        await File.WriteAllBytesAsync(path, bytes);
        Assert.Equal(["zip/data.db: validation_damaged"], await _upload.RefusalAsync(path));
        Assert.DoesNotContain(
            Directory.GetFiles(_upload.Path, "uploaded.db", SearchOption.AllDirectories),
            file => new FileInfo(file).Length > 4096);
    }

    [Fact]
    public async Task What_is_no_database_of_PocketBase_is_refused()
    {
        Assert.Equal(
            ["data.db: validation_damaged"],
            await _upload.RefusalAsync(("data.db", Encoding.UTF8.GetBytes(new string('x', 10_000)))));
        Assert.Equal(["data.db: validation_not_supported"], await _upload.RefusalAsync(("data.db", [])));
        var other = _upload.Database(sql: "ALTER TABLE _collections RENAME TO other");
        Assert.Equal(["data.db: validation_not_supported"], await _upload.RefusalAsync(("data.db", other)));
    }

    [Fact]
    public async Task A_damaged_database_is_refused_with_the_place_of_the_damage()
    {
        var database = _upload.Database();
        database.AsSpan(5 * 4096, 4096).Fill(0x55);
        var places = await _upload.RefusalAsync(("data.db", database));
        Assert.All(places, place => Assert.EndsWith("validation_damaged", place, StringComparison.Ordinal));
        Assert.StartsWith("data.db", places[0], StringComparison.Ordinal);
    }

    /// <summary>Checksums, which .NET does not ask for, tell before anything is stored.</summary>
    [Theory]
    [InlineData("data.db")]
    [InlineData("storage/_pb_users_auth_/4q1xlclmfloku33/300_1SEi6Q6U72.png")]
    public async Task An_entry_with_other_content_than_was_zipped_is_refused(string name)
    {
        var content = "the content of a file, of which one bit is turned"u8.ToArray();
        byte[] database = [.. _upload.Database(), .. content];
        var path = _upload.File("stored.zip");
        await using (var zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create))
        {
            foreach (var (entry, bytes) in new[]
            {
                ("data.db", name == "data.db" ? database : _upload.Database()),
                ("storage/_pb_users_auth_/4q1xlclmfloku33/300_1SEi6Q6U72.png", name == "data.db" ? [1] : content),
            })
            {
                await using var stream = await zip.CreateEntry(entry, CompressionLevel.NoCompression).OpenAsync();
                await stream.WriteAsync(bytes);
            }
        }

        var zipped = await File.ReadAllBytesAsync(path);
        zipped[zipped.AsSpan().IndexOf(content) + 5] ^= 1;
        await File.WriteAllBytesAsync(path, zipped);
        Assert.Equal([$"zip/{name}: validation_damaged"], await _upload.RefusalAsync(path));
    }

    [Fact]
    public async Task A_folder_in_the_zip_and_backslashes_are_fine()
    {
        using var import = await _upload.ReadAsync(("app\\pb_data\\data.db", _upload.Database()), ("app\\readme.md", [1]));
        Assert.Equal(10, import.Report.Collections);
        Assert.Contains(
            import.Report.Warnings, warning => warning.Contains("app/readme.md", StringComparison.Ordinal));
    }

    public void Dispose() => _upload.Dispose();
}
