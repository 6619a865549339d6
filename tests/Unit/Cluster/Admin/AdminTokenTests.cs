using Platform.Cluster.Admin;
using Platform.Cluster.Modes;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Admin;

public sealed class AdminTokenTests
{
    [Fact]
    public void A_token_is_made_once_and_only_its_owner_may_read_it()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("admin-token");
        AdminToken.Open(null, file);
        var token = File.ReadAllText(file).Trim();
        Assert.True(token.Length >= 43);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.True(AdminToken.Open(null, file).Accepts($"Bearer {token}"));
        Assert.Equal(token, File.ReadAllText(file).Trim());
    }

    [Fact]
    public void Two_folders_have_two_tokens()
    {
        using var folder = new TemporaryFolder();
        AdminToken.Open(null, folder.File("a"));
        AdminToken.Open(null, folder.File("b"));
        Assert.NotEqual(File.ReadAllText(folder.File("a")), File.ReadAllText(folder.File("b")));
    }

    [Fact]
    public void A_configured_token_is_not_written_anywhere()
    {
        using var folder = new TemporaryFolder();
        var token = AdminToken.Open("configured-token-1", folder.File("admin-token"));
        Assert.True(token.Accepts("Bearer configured-token-1"));
        Assert.Null(token.File);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("Bearer configured-token-1", true)]
    [InlineData("bearer configured-token-1", true)]
    [InlineData("Bearer configured-token-2", false)]
    [InlineData("Bearer configured-token", false)]
    [InlineData("Bearer configured-token-1x", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Bearer", false)]
    [InlineData("configured-token-1", false)]
    [InlineData("Basic configured-token-1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_the_right_token_is_accepted(string? header, bool expected) =>
        Assert.Equal(expected, AdminToken.Open("configured-token-1", "unused").Accepts(header));

    [Fact]
    public void A_file_without_a_token_is_refused()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<StartException>(() => AdminToken.Open(null, folder.Write("admin-token", "\n")));
        Assert.Contains("holds no token", error.Message, StringComparison.Ordinal);
    }
}
