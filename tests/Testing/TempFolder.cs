namespace Platform.Testing;

/// <summary>A folder of its own for one test, removed with everything in it at the end.</summary>
public sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-test-");

    /// <summary>Its absolute path.</summary>
    public string Path => _folder.FullName;

    /// <summary>The path of something inside it.</summary>
    public string this[string relativePath] => System.IO.Path.Combine(Path, relativePath);

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
