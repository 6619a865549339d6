using Platform.Cluster.Membership;

namespace Platform.Cluster.Coordinator.Placement;

/// <summary>
/// Where one tenant goes: of the best class of nodes that there is (well and with room; well but full, where the least
/// used tenant makes way; not well) the one with the least cost. The cost is the load, and what speaks for and against
/// the place.
/// </summary>
internal static class PlacementPolicy
{
    /// <summary>Weight of the zone's mean load against the node's own: zones fill evenly where nodes are equal.</summary>
    private const double ZoneWeight = 0.25;

    /// <summary>How much more load is worth being together: half a node.</summary>
    private const double TogetherBonus = 0.5;

    /// <summary>A node this full is left alone even for being together.</summary>
    private const double TogetherLoadMax = 0.9;

    /// <summary>What each tenant of the same group costs that is on the node already.</summary>
    private const double ApartOnNode = 1.0;

    /// <summary>And in the zone.</summary>
    private const double ApartInZone = 0.1;

    private const int Classes = 3;

    /// <summary>The index of the chosen node on the board, or −1: no node may take the tenant.</summary>
    /// <param name="board">Nodes and decisions so far.</param>
    /// <param name="wish">The tenant's.</param>
    /// <param name="except">A node that must not be chosen; null: none.</param>
    /// <param name="mayTake">Which nodes may be chosen; null: all.</param>
    public static int Choose(
        PlacementBoard board, PlacementWish wish, string? except = null, Func<int, bool>? mayTake = null)
    {
        var best = -1;
        var bestClass = Classes;
        var bestCost = double.MaxValue;
        for (var index = 0; index < board.Count; index++)
        {
            if (!board.IsOpen(index) || mayTake?.Invoke(index) == false) continue;
            var node = board[index];
            if (node.Id == except || (wish.Zone is { } zone && zone != node.Zone)) continue;
            var rank = ClassOf(board, index);
            if (rank > bestClass) continue;
            var cost = CostOf(board, index, wish);
            if (rank == bestClass && cost >= bestCost) continue;
            (best, bestClass, bestCost) = (index, rank, cost);
        }

        return best;
    }

    private static int ClassOf(PlacementBoard board, int index)
    {
        if (board[index].Condition != NodeCondition.Healthy) return 2;
        return board.HasRoom(index) ? 0 : 1;
    }

    private static double CostOf(PlacementBoard board, int index, PlacementWish wish)
    {
        var load = board.LoadOf(index);
        var cost = load + ZoneWeight * board.ZoneLoadOf(index);
        if (ReferenceEquals(wish, PlacementWish.None)) return cost;
        var node = board[index];
        if (PlacementGroups.Together(wish) is { } together && load < TogetherLoadMax
            && board.Groups.CountIn(together, node.Id) > 0) cost -= TogetherBonus;
        if (PlacementGroups.Apart(wish) is { } apart)
            cost += ApartOnNode * board.Groups.CountIn(apart, node.Id)
                + ApartInZone * board.Groups.CountIn(apart, PlacementGroups.ZonePlace(node.Zone));
        return cost;
    }
}
