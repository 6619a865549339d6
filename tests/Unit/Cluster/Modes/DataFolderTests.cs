using System.Runtime.Versioning;
using Platform.Cluster.Modes;
using Platform.Testing;

namespace Platform.Cluster.Tests.Modes;

[UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Other_users_of_the_machine_cannot_look_into_it()
    {
        using var data = DataFolder.Open(_folder["data"]);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(data.Path));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(data.CacheFolder));
    }

    [Fact]
    public void The_databases_of_a_folder_that_is_open_to_others_are_closed_to_them()
    {
        Directory.CreateDirectory(_folder["data/cache"]);
        File.SetUnixFileMode(_folder["data/cache"], OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        using var data = DataFolder.Open(_folder["data"]);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(data.CacheFolder));
        Assert.NotEqual(OwnerOnly, File.GetUnixFileMode(data.Path));
    }
}
