namespace Platform.Testing.Processes;

/// <summary>The programs of the product, as this build made them.</summary>
public static class BuiltProgram
{
    /// <summary>The server, <c>platform</c>.</summary>
    public static string Platform => Find("Platform.Cluster", "platform");

    /// <summary>The operator's command line, <c>pbm</c>.</summary>
    public static string Pbm => Find("Platform.Pbm", "pbm");

    private static string Find(string project, string program)
    {
        // artifacts/bin/{test project}/{debug or release}/ holds the tests; the programs have the same configuration.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var path = RepositoryFolder.Path(Path.Combine("artifacts", "bin", project, configuration, program));
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{program} is not built: run 'dotnet build' first.", path);
    }
}
