using System.Security.Cryptography;

namespace Platform.Testing.Processes;

/// <summary>
/// Runs a Node script that lives beside a <c>package.json</c> and a <c>package-lock.json</c>. The packages are
/// installed once for each state of the lock file, under <c>artifacts/node</c>, so that the source tree stays clean.
/// </summary>
public static class NodeScript
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(5);

    /// <summary>One installation at a time in this process.</summary>
    private static readonly SemaphoreSlim Installing = new(1, 1);

    /// <summary>Runs a script; throws with all its output when it fails.</summary>
    /// <param name="folder">Where it is, relative to the repository.</param>
    /// <param name="script">Its file name.</param>
    /// <param name="arguments">For the script.</param>
    /// <param name="environment">Added to that of the tests.</param>
    /// <param name="timeout">Two minutes when null.</param>
    public static async Task<string> RunAsync(
        string folder,
        string script,
        IEnumerable<string>? arguments = null,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? timeout = null)
    {
        var installed = await InstallAsync(RepositoryFolder.Path(folder));
        var result = await Command.RunAsync(
            "node", [Path.Combine(installed, script), .. arguments ?? []], environment, installed, timeout);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{script} failed with {result}");
    }

    /// <summary>A copy of the folder with its packages; returns where it is.</summary>
    private static async Task<string> InstallAsync(string source)
    {
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
