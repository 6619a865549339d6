using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Platform.ClusterFaults.Tests.Clusters;

/// <summary>Whether processes can have networks of their own on this machine.</summary>
internal static class NamespaceSupport
{
    private const string Probe = """
        exec 2>&1
        set -e
        [ "$(id -u)" = 0 ] || { echo 'they need root'; exit 1; }
        ip netns add "$0"
        trap 'ip netns del "$0"' EXIT
        ip netns exec "$0" nft 'add table inet probe; add chain inet probe out { type filter hook output priority 0; }'
        """;

    private static readonly Lazy<string?> Found = new(Look);

    /// <summary>Null when they can; else why not.</summary>
    public static string? Problem => Found.Value;

    /// <summary>Some milliseconds; an attribute's constructor asks, so it is done without waiting for tasks.</summary>
    private static string? Look()
    {
        try
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"lc-probe-{Environment.ProcessId}");
            var start = new ProcessStartInfo("bash", ["-c", Probe, name]) { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"No network namespaces on this machine: {output.Trim()}";
        }
        catch (Win32Exception failure)
        {
            return $"No network namespaces on this machine: {failure.Message}";
        }
    }
}
