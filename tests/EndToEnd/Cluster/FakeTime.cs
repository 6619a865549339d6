using System.Globalization;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>
/// Debian's libfaketime: a process that has it loaded reads another time of day. Its monotonic clock, by which it measures
/// leases and waits, is left alone, as with a machine whose clock was set wrong.
/// </summary>
internal static class FakeTime
{
    private const string Library = "faketime/libfaketimeMT.so.1";

    /// <summary>The environment of a process whose clock is so many seconds ahead.</summary>
    public static string Environment(int aheadSeconds)
    {
        var library = Directory.GetDirectories("/usr/lib", "*-linux-gnu")
            .Select(folder => Path.Combine(folder, Library)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("libfaketime is missing: run tests/tools/install-dependencies.", Library);
        return string.Create(
            CultureInfo.InvariantCulture, $"LD_PRELOAD={library} FAKETIME=+{aheadSeconds}s FAKETIME_DONT_FAKE_MONOTONIC=1");
    }
}
