namespace Platform.Pbm.Snapshots;

/// <summary>Where snapshots are in the admin API.</summary>
internal static class SnapshotPath
{
    public const string All = "api/cp/snapshots";

    public static string Of(string name) => $"{All}/{Uri.EscapeDataString(name)}";
}
