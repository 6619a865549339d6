namespace Platform.TenantShard.PocketBaseData;

/// <summary>Lists of names in sentences.</summary>
internal static class Names
{
    private const int ShownMax = 5;
    private const int LengthMax = 100;

    /// <summary>The first few.</summary>
    public static string Some(IReadOnlyCollection<string> names)
    {
        var shown = string.Join(", ", names.Take(ShownMax).Select(Shorten));
        return names.Count > ShownMax ? shown + ", ..." : shown;
    }

    private static string Shorten(string name) => name.Length <= LengthMax ? name : name[..LengthMax] + "...";
}
