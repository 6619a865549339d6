using System.Globalization;

namespace Platform.Cluster.Snapshots;

/// <summary>Names of snapshots: the moment in UTC, so that they sort by time: <c>20260131T100000.123Z</c>.</summary>
internal static class SnapshotName
{
    /// <summary>Where they lie in object storage.</summary>
    public const string Folder = "control-plane/snapshots/";

    private const string Extension = ".json.gz";
    private const string Format = "yyyyMMdd'T'HHmmss.fff'Z'";

    public static string At(DateTimeOffset moment) => moment.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static bool TryParse(string text, out DateTimeOffset moment) => DateTimeOffset.TryParseExact(
        text, Format, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);

    public static string ObjectOf(string name) => Folder + name + Extension;

    /// <summary>The name of an object, or null when it is no snapshot.</summary>
    public static string? Of(string key)
    {
        if (!key.StartsWith(Folder, StringComparison.Ordinal) || !key.EndsWith(Extension, StringComparison.Ordinal)) return null;
        var name = key[Folder.Length..^Extension.Length];
        return TryParse(name, out _) ? name : null;
    }
}
