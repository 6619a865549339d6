namespace Platform.Cluster.Coordinator.Placement;

/// <summary>
/// What an operator wants for a tenant's place, from its metadata: <c>placement.zone</c> (only there),
/// <c>placement.together</c> (rather on the node of others with the same word) and <c>placement.apart</c> (rather not).
/// </summary>
/// <param name="Zone">The only zone it may run in; null: any.</param>
/// <param name="Together">Group to be near; null: none.</param>
/// <param name="Apart">Group to be away from; null: none.</param>
internal sealed record PlacementWish(string? Zone, string? Together, string? Apart)
{
    public const string ZoneKey = "placement.zone";
    public const string TogetherKey = "placement.together";
    public const string ApartKey = "placement.apart";

    public static PlacementWish None { get; } = new(null, null, null);

    public static PlacementWish Of(IReadOnlyDictionary<string, string> metadata)
    {
        var zone = Text(ZoneKey);
        var together = Text(TogetherKey);
        var apart = Text(ApartKey);
        return zone is null && together is null && apart is null ? None : new PlacementWish(zone, together, apart);

        string? Text(string key) => metadata.TryGetValue(key, out var text) && text.Length > 0 ? text : null;
    }
}
