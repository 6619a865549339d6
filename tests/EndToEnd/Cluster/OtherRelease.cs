using System.Globalization;
using System.Text.Json.Nodes;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>
/// An installation of the server that speaks another protocol of the cluster, as another release would: this build's files,
/// with another line in what the runtime reads beside the program.
/// </summary>
internal static class OtherRelease
{
    private const string Runtime = "platform.runtimeconfig.json";

    /// <summary>Installs it into a new folder; the path of its program.</summary>
    public static string Install(string folder, int protocol)
    {
        var built = BuiltProgram.Platform;
        var source = Path.GetDirectoryName(built)!;
        Directory.CreateDirectory(folder);
        foreach (var entry in Directory.EnumerateFileSystemEntries(source))
        {
            var target = Path.Combine(folder, Path.GetFileName(entry));
            // The runtime takes the folder in which the program really is for the application's.
            if (Path.GetFileNameWithoutExtension(entry) == "platform") File.Copy(entry, target);
            else if (Path.GetFileName(entry) != Runtime) File.CreateSymbolicLink(target, entry);
        }

        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(source, Runtime)))!;
        config["runtimeOptions"]!["configProperties"]!["Platform.Cluster.Protocol"] =
            protocol.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(folder, Runtime), config.ToJsonString());
        return Path.Combine(folder, Path.GetFileName(built));
    }
}
