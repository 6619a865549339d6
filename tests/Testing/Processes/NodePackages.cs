using System.Security.Cryptography;

namespace Platform.Testing.Processes;

/// <summary>
/// The packages of a <c>package.json</c> with its <c>package-lock.json</c>, installed once for each state of the lock
/// file, under <c>artifacts/node</c>, so that the source tree stays clean.
/// </summary>
public static class NodePackages
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(5);

    /// <summary>One installation at a time.</summary>
    private static readonly SemaphoreSlim Installing = new(1, 1);

    /// <summary>Makes a copy of a folder, with its packages; returns where it is.</summary>
    /// <param name="folder">Relative to the repository.</param>
    public static async Task<string> InstallAsync(string folder)
    {
        var source = RepositoryFolder.Path(folder);
        var lockFile = await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"));
        var version = Convert.ToHexStringLower(SHA256.HashData(lockFile))[..16];
        var target = RepositoryFolder.Path(Path.Combine("artifacts", "node", $"{new DirectoryInfo(source).Name}-{version}"));
        await Installing.WaitAsync();
        try
        {
            Directory.CreateDirectory(target);
            foreach (var file in Directory.EnumerateFiles(source))
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
            if (!File.Exists(Path.Combine(target, "installed"))) await InstallPackagesAsync(target);
        }
        finally
        {
            Installing.Release();
        }

        return target;
    }

    private static async Task InstallPackagesAsync(string target)
    {
        var result = await Command.RunAsync(
            "npm", ["ci", "--no-fund", "--no-audit", "--ignore-scripts"], workingFolder: target, timeout: InstallTimeout);
        if (result.ExitCode != 0) throw new InvalidOperationException($"npm ci failed in {target}: {result}");
        await File.WriteAllTextAsync(Path.Combine(target, "installed"), "");
    }
}
