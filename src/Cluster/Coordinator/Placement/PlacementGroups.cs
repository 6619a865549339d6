namespace Platform.Cluster.Coordinator.Placement;

/// <summary>How many tenants of each group are where. A plan's own copy, which it changes as it decides.</summary>
internal sealed class PlacementGroups
{
    private readonly Dictionary<(string Group, string Place), int> _counts = [];

    /// <summary>A group's tenants in a place: a node, or a zone under its name with <c>zone:</c> before it.</summary>
    public int CountIn(string group, string place) => _counts.GetValueOrDefault((group, place));

    public void Add(PlacementWish wish, string node, string zone, int count)
    {
        Add(Together(wish), node, count);
        Add(Apart(wish), node, count);
        Add(Apart(wish), ZonePlace(zone), count);
    }

    public static string? Together(PlacementWish wish) => wish.Together is { } group ? "together " + group : null;

    public static string? Apart(PlacementWish wish) => wish.Apart is { } group ? "apart " + group : null;

    public static string ZonePlace(string zone) => "zone:" + zone;

    private void Add(string? group, string place, int count)
    {
        if (group is null) return;
        _counts[(group, place)] = _counts.GetValueOrDefault((group, place)) + count;
    }
}
