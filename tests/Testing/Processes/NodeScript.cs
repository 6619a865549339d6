namespace Platform.Testing.Processes;

/// <summary>Runs a Node script that lives beside its <c>package.json</c>; see <see cref="NodePackages"/>.</summary>
public static class NodeScript
{
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
        var installed = await NodePackages.InstallAsync(folder);
        var result = await Command.RunAsync(
            "node", [Path.Combine(installed, script), .. arguments ?? []], environment, installed, timeout);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{script} failed with {result}");
    }
}
