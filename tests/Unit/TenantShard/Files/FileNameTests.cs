using Platform.TenantShard.Files;
using Platform.TenantShard.Files.Forms;

namespace Platform.TenantShard.Tests.Files;

/// <summary>Names and types of files.</summary>
public sealed class FileNameTests
{
    [Theory]
    [InlineData("test.txt", "^test_[a-z0-9]{10}\\.txt$")]
    [InlineData("My Holiday PHOTO.JPG", "^my_holiday_photo_[a-z0-9]{10}\\.JPG$")]
    [InlineData("archive.tar.gz", "^archive_[a-z0-9]{10}\\.tar\\.gz$")]
    [InlineData("a.png", "^a[a-z0-9]{10}_[a-z0-9]{10}\\.png$")]
    [InlineData("noextension", "^noextension_[a-z0-9]{10}\\.det$")]
    [InlineData("../../etc/passwd", "^[a-z0-9]{10}_[a-z0-9]{10}\\.\\.etcpasswd$")]
    [InlineData("file.p/h?p", "^file_[a-z0-9]{10}\\.php$")]
    [InlineData("camelCaseName.txt", "^camel_case_name_[a-z0-9]{10}\\.txt$")]
    [InlineData("Überraschung.txt", "^berraschung_[a-z0-9]{10}\\.txt$")]
    public void A_stored_name_is_the_sent_one_made_safe(string sent, string stored) =>
        Assert.Matches(stored, FileName.Create(sent, ".det"));

    [Fact]
    public void Long_names_and_extensions_are_cut()
    {
        var sent = new string('n', 300) + "." + new string('e', 99);
        Assert.Matches("^n{100}_[a-z0-9]{10}\\.e{20}$", FileName.Create(sent, ""));
    }

    [Theory]
    [InlineData("<!DOCTYPE html><p>", "text/html; charset=utf-8")]
    [InlineData("<?xml version=\"1.0\"?><svg xmlns=\"x\"/>", "image/svg+xml")]
    [InlineData("{\"a\":1}", "application/json")]
    [InlineData("{not json", "text/plain; charset=utf-8")]
    [InlineData("a,b\n1,2\n", "text/csv")]
    [InlineData("%PDF-1.7", "application/pdf")]
    [InlineData("RIFF0000WEBPVP8 ", "image/webp")]
    [InlineData("\u0001\u0002", "application/octet-stream")]
    [InlineData("", "text/plain")]
    public void A_type_is_told_by_the_content(string content, string mime) =>
        Assert.Equal(mime, ContentSignature.Detect(FilesApi.Text(content)).Mime);

    [Theory]
    [InlineData("c", "r", "plain_0123456789.png", "c/r/plain_0123456789.png")]
    [InlineData("c", "..", "a/b", "c/%2E./a%2Fb")]
    [InlineData("c", "r", ".hidden", "c/r/%2Ehidden")]
    public void Keys_hold_any_name_and_give_it_back(string collection, string record, string name, string key)
    {
        Assert.Equal(key, FileKeys.Of(collection, record, name));
        var file = new FileReference(collection, record, name);
        Assert.Equal(file, FileKeys.Parse(key));
        Assert.Equal(file, FileKeys.Parse(FileKeys.ThumbOf(collection, record, name, "10x10")));
    }
}
