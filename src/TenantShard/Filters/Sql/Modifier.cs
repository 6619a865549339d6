namespace Platform.TenantShard.Filters.Sql;

/// <summary>The part after the colon of a path's last name.</summary>
internal static class Modifier
{
    public static (string Name, string Modifier) Split(string segment)
    {
        var colon = segment.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (segment, "") : (segment[..colon], segment[(colon + 1)..]);
    }
}
