namespace Platform.Cluster.Coordinator.Placement;

/// <summary>
/// Evens out load: tenants go from the fullest nodes to the emptiest, few at a time, those first that relieve a node most,
/// and only where the fuller of the two is less full afterwards: the same loads never make a plan that goes back.
/// </summary>
internal static class RebalancePlan
{
    /// <summary>Most tenants of a node for which a place is looked for before one of them moves.</summary>
    private const int CandidatesMax = 64;

    /// <summary>Of the distance to the emptiest node: a move that takes so much is worth while by itself.</summary>
    private const double GainMin = 0.02;

    /// <summary>
    /// And smaller ones are while all tenants that could go take so much of it together, or make the load by their number.
    /// </summary>
    private const double GainTogetherMin = 0.25;

    /// <summary>
    /// What a move must relieve its node by at least, of what its tenant takes of the node: what only changes places would go
    /// back with the next change of the loads.
    /// </summary>
    private const double GainOfTenantMin = 0.5;

    /// <summary>Differences below it are those of rounding.</summary>
    private const double Alike = 1e-9;

    /// <param name="board">Nodes.</param>
    /// <param name="tenantsOf">The tenants that a node has in use.</param>
    /// <param name="isUnderWay">True when the last plan was not yet the end: hysteresis.</param>
    /// <param name="limits">How hard to work.</param>
    /// <param name="isSettled">
    /// False: the node's load does not show yet what has been moved, so it neither gives nor takes. Null: all are.
    /// </param>
    public static IReadOnlyList<PlannedMove> Make(
        PlacementBoard board, Func<string, IReadOnlyList<PlacedTenant>> tenantsOf, bool isUnderWay,
        RebalanceLimits limits, Func<string, bool>? isSettled = null)
    {
        var moves = new List<PlannedMove>();
        var touched = new int[board.Count];
        for (var index = 0; index < board.Count; index++)
            if (isSettled?.Invoke(board[index].Id) == false) touched[index] = limits.MovesPerNodeMax;
        var exhausted = new bool[board.Count];
        var tenants = new Dictionary<int, List<PlacedTenant>>();
        while (moves.Count < limits.MovesMax)
        {
            var source = Fullest(board, touched, exhausted, limits);
            if (source < 0) break;
            var distance = Distance(board, source);
            if (distance < (!isUnderWay ? limits.BeginAt : board.IsMeasured(source) ? limits.EndAtMeasured : limits.EndAt)) break;
            if (!tenants.TryGetValue(source, out var candidates))
                tenants[source] = candidates = CandidatesOf(tenantsOf(board[source].Id));
            if (Best(board, source, candidates, distance, index => touched[index] < limits.MovesPerNodeMax)
                is not var (best, target))
            {
                exhausted[source] = true;
                continue;
            }

            var tenant = candidates[best];
            candidates.RemoveAt(best);
            board.Add(source, tenant, -1);
            board.Add(target, tenant);
            touched[source]++;
            touched[target]++;
            moves.Add(new PlannedMove(tenant.Tenant, board[source].Id, board[target].Id, IsActive: true));
            isUnderWay = true;
        }

        return moves;
    }

    /// <summary>Those that cost most first.</summary>
    private static List<PlacedTenant> CandidatesOf(IReadOnlyList<PlacedTenant> tenants) =>
    [
        .. tenants.Where(tenant => tenant is { IsActive: true, IsResting: false })
            .OrderByDescending(tenant => tenant.Cost.Processors)
            .ThenByDescending(tenant => ReferenceEquals(tenant.Wish, PlacementWish.None)),
    ];

    /// <summary>
    /// The tenant whose move relieves the source most, and where it goes; of several that do alike the one that costs least,
    /// because it is disturbed least. Null: no move would be worth it.
    /// </summary>
    private static (int Tenant, int Target)? Best(
        PlacementBoard board, int source, List<PlacedTenant> candidates, double distance, Func<int, bool> mayTake)
    {
        (int Tenant, int Target)? best = null;
        var before = board.LoadOf(source);
        var isWorthIt = !board.IsMeasured(source)
            || GainOfAll(board, source, candidates, distance) >= GainTogetherMin * distance;
        var gainBest = isWorthIt ? 2 * Alike : GainMin * distance;
        var tried = 0;
        for (var index = 0; index < candidates.Count && tried < CandidatesMax; index++)
        {
            var cost = candidates[index].Cost;
            var gainMax = before - board.LoadWith(source, cost, -1);
            if (gainMax < gainBest - Alike) continue;
            if (best is { } found && candidates[found.Tenant].Cost == cost && gainMax <= gainBest + Alike) continue;
            if (index > 0 && IsLike(candidates[index - 1], candidates[index])) continue;
            tried++;
            var (target, after) = Try(board, source, candidates[index], mayTake);
            var gain = before - after;
            if (target < 0 || !board.HasRoom(target) || gain < gainBest - Alike || gain < GainOfTenantMin * gainMax) continue;
            gainBest = gain;
            best = (index, target);
        }

        return best;
    }

    /// <summary>What the source would be relieved by without all tenants that could go: those less than the distance.</summary>
    private static double GainOfAll(PlacementBoard board, int source, List<PlacedTenant> candidates, double distance)
    {
        var processorsMax = distance * Math.Max(1, board[source].Load.Processors);
        var all = candidates.Where(tenant => tenant.Cost.Processors < processorsMax)
            .Aggregate(default(PlacementShift), (shift, tenant) => shift.With(tenant.Cost, -1));
        return board.LoadOf(source) - board.LoadWith(source, all);
    }

    /// <summary>Where the tenant would go, and how full the fuller of the two would be.</summary>
    private static (int Target, double After) Try(
        PlacementBoard board, int source, PlacedTenant tenant, Func<int, bool> mayTake)
    {
        // Without itself on the board, or it would repel itself.
        board.Add(source, tenant, -1);
        var target = PlacementPolicy.Choose(board, tenant.Wish, except: board[source].Id, mayTake);
        var after = target < 0 ? 0 : Math.Max(board.LoadOf(source), board.LoadWith(target, tenant.Cost));
        board.Add(source, tenant);
        return (target, after);
    }

    private static bool IsLike(PlacedTenant first, PlacedTenant second) =>
        first.Cost == second.Cost && ReferenceEquals(first.Wish, PlacementWish.None) && ReferenceEquals(second.Wish, first.Wish);

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
