namespace Platform.Testing;

/// <summary>Where the repository is, for tests that start its tools.</summary>
public static class RepositoryFolder
{
    /// <summary>The absolute path of something in the repository.</summary>
    public static string Path(string relativePath)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Platform.sln")))
        {
            folder = folder.Parent;
        }

        return folder is null
            ? throw new DirectoryNotFoundException("No folder above the tests holds Platform.sln.")
            : System.IO.Path.Combine(folder.FullName, relativePath);
    }
}
