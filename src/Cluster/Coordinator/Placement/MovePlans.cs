namespace Platform.Cluster.Coordinator.Placement;

/// <summary>Plans that empty a node: because it is lost, or because an operator drains it.</summary>
internal static class MovePlans
{
    /// <summary>
    /// New owners for the tenants of a lost node, those in use first. Tenants that no node may take are left out: they
    /// keep their route, and the next plan tries again.
    /// </summary>
    public static IReadOnlyList<PlannedMove> Reassign(
        PlacementBoard board, string lost, IEnumerable<PlacedTenant> tenants) =>
        Empty(board, lost, tenants, int.MaxValue);

    /// <summary>The next tenants to move from a node that is drained; as many as may move at once.</summary>
    public static IReadOnlyList<PlannedMove> Drain(
        PlacementBoard board, string drained, IEnumerable<PlacedTenant> tenants, int movesMax) =>
        Empty(board, drained, tenants, movesMax);

    private static List<PlannedMove> Empty(
        PlacementBoard board, string from, IEnumerable<PlacedTenant> tenants, int movesMax)
    {
        var moves = new List<PlannedMove>();
        var source = board.Find(from);
        foreach (var tenant in tenants.OrderByDescending(tenant => tenant.IsActive))
        {
            if (moves.Count >= movesMax) break;
            var target = PlacementPolicy.Choose(board, tenant.Wish, except: from);
            if (target < 0) continue;

            // A tenant that nobody uses takes no place until somebody does.
            if (tenant.IsActive) board.Add(target, tenant.Wish);
            if (tenant.IsActive && source >= 0) board.Add(source, tenant.Wish, -1);
            moves.Add(new PlannedMove(tenant.Tenant, from, board[target].Id, tenant.IsActive));
        }

        return moves;
    }
}
