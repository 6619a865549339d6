namespace Platform.Cluster.Coordinator.Placement;

/// <summary>
/// Evens out load: tenants go from the fullest nodes to the emptiest, few at a time, and only while each move brings
/// the two nearer without changing which is fuller.
/// </summary>
internal static class RebalancePlan
{
    /// <param name="board">Nodes.</param>
    /// <param name="tenantsOf">The tenants that a node has in use.</param>
    /// <param name="isUnderWay">True when the last plan was not yet the end: hysteresis.</param>
    /// <param name="limits">How hard to work.</param>
    public static IReadOnlyList<PlannedMove> Make(
        PlacementBoard board, Func<string, IReadOnlyList<PlacedTenant>> tenantsOf, bool isUnderWay,
        RebalanceLimits limits)
    {
        var moves = new List<PlannedMove>();
        var touched = new int[board.Count];
        var exhausted = new bool[board.Count];
        var queues = new Dictionary<int, Queue<PlacedTenant>>();
        var distanceMin = isUnderWay ? limits.EndAt : limits.BeginAt;
        while (moves.Count < limits.MovesMax)
        {
            var source = Fullest(board, touched, exhausted, limits);
            if (source < 0 || Distance(board, source) < distanceMin) break;
            distanceMin = limits.EndAt;
            if (!queues.TryGetValue(source, out var queue))
                queues[source] = queue = new Queue<PlacedTenant>(
                    tenantsOf(board[source].Id).Where(tenant => tenant is { IsActive: true, IsResting: false }));
            if (!TryMove(board, source, queue, touched, limits, moves)) exhausted[source] = true;
        }

        return moves;
    }

    private static bool TryMove(
        PlacementBoard board, int source, Queue<PlacedTenant> queue, int[] touched, RebalanceLimits limits,
        List<PlannedMove> moves)
    {
        while (queue.TryDequeue(out var tenant))
        {
            // Without itself on the board, or it would repel itself.
            board.Add(source, tenant.Wish, -1);
            var target = PlacementPolicy.Choose(board, tenant.Wish, except: board[source].Id);
            if (target >= 0 && touched[target] < limits.MovesPerNodeMax && board.HasRoom(target)
                && board.LoadOf(target) + 1.0 / Math.Max(1, board[target].Load.TenantsActiveMax) < board.LoadOf(source))
            {
                board.Add(target, tenant.Wish);
                touched[source]++;
                touched[target]++;
                moves.Add(new PlannedMove(tenant.Tenant, board[source].Id, board[target].Id, IsActive: true));
                return true;
            }

            board.Add(source, tenant.Wish);
        }

        return false;
    }

    /// <summary>The fullest node that may still give; a node that is being emptied by an operator is not its
    /// business.</summary>
    private static int Fullest(PlacementBoard board, int[] touched, bool[] exhausted, RebalanceLimits limits)
    {
        var fullest = -1;
        for (var index = 0; index < board.Count; index++)
        {
            if (!board.IsOpen(index) || exhausted[index] || touched[index] >= limits.MovesPerNodeMax) continue;
            if (fullest < 0 || board.LoadOf(index) > board.LoadOf(fullest)) fullest = index;
        }

        return fullest;
    }

    /// <summary>To the emptiest node that could take something.</summary>
    private static double Distance(PlacementBoard board, int source)
    {
        var least = double.MaxValue;
        for (var index = 0; index < board.Count; index++)
            if (board.IsOpen(index) && board.HasRoom(index)
                && board[index].Condition == Membership.NodeCondition.Healthy)
                least = Math.Min(least, board.LoadOf(index));
        return least == double.MaxValue ? 0 : board.LoadOf(source) - least;
    }
}
