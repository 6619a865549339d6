using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Events;
using Platform.Cluster.Membership;
using Platform.Messages.Identity;

namespace Platform.Cluster.Coordinator;

/// <summary>
/// Evens out load while this process is in office: now and then by itself, and when an operator asks. Once it has begun
/// it goes on, below the threshold, until there is nothing left to do.
/// </summary>
internal sealed class Rebalancing(PlacementView view, RouteMap routes, MovesUnderWay moves, EventNotes notes)
    : IDisposable
{
    private readonly RebalanceLimits _limits = new();

    /// <summary>Two plans at once would count their moves twice.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _isUneven;
    private volatile CoordinatorTerm? _term;

    /// <summary>Opens the office for operators; null ends it.</summary>
    public void Enter(CoordinatorTerm? term)
    {
        _isUneven = false;
        _term = term;
    }

    /// <summary>One look, as often as it is time for one.</summary>
    public async Task LookAsync(CoordinatorTerm term)
    {
        await _turn.WaitAsync(term.Over);
        try
        {
            var wasUneven = _isUneven;

            // With no room for moves the plan says nothing.
            if (moves.Room == 0) return;
            var plan = await PlanAsync(board: view.Take(), _isUneven, term.Over);
            Begin(term, plan);

            // Where loads do not show yet what has been moved, nothing to do now is not the end.
            _isUneven = plan.Count > 0 || (wasUneven && !moves.AreSettled);
            if (_isUneven != wasUneven)
                await notes.TellAsync(
                    _isUneven ? EventKinds.RebalanceBegun : EventKinds.RebalanceDone, new EventNote(), term.Over);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// What an operator asks for: begins at the distance at which it would otherwise end. Null: not in office.
    /// </summary>
    public async Task<RebalanceAnswer?> RunAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        if (_term is not { IsHeld: true } term) return null;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var board = view.Take();
            var loads = Enumerable.Range(0, board.Count)
                .Select(index => new RebalanceNode(board[index].Id, board.LoadOf(index), board.TenantsOf(index))).ToList();
            var room = moves.Room;
            var plan = await PlanAsync(board, isUnderWay: true, cancellationToken);
            if (!isDryRun && plan.Count > 0)
            {
                Begin(term, plan);
                if (!_isUneven)
                    await notes.TellAsync(
                        EventKinds.RebalanceBegun, new EventNote { Reason = "asked for by an operator" }, cancellationToken);
                _isUneven = true;
            }

            return new RebalanceAnswer(isDryRun, room, plan, loads);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private void Begin(CoordinatorTerm term, IEnumerable<PlannedMove> plan)
    {
        foreach (var move in plan) _ = moves.BeginAsync(term, move, "rebalanced");
    }

    private async Task<IReadOnlyList<PlannedMove>> PlanAsync(
        PlacementBoard board, bool isUnderWay, CancellationToken cancellationToken)
    {
        var mean = Enumerable.Range(0, board.Count).Select(board.LoadOf).DefaultIfEmpty().Average();
        var tenants = new Dictionary<string, IReadOnlyList<PlacedTenant>>(StringComparer.Ordinal);
        for (var index = 0; index < board.Count; index++)
        {
            if (board.LoadOf(index) < mean) continue;
            var node = board[index];
            var active = await view.ActiveOfAsync(node.Id, cancellationToken);
            tenants[node.Id] = TenantsOf(node, active);
        }

        return RebalancePlan.Make(
            board, node => tenants.GetValueOrDefault(node) ?? [], isUnderWay, _limits with { MovesMax = moves.Room },
            moves.IsSettled);
    }

    private List<PlacedTenant> TenantsOf(PlacementNode node, IReadOnlySet<TenantId> active)
    {
        var named = node.Load.Busiest.ToDictionary(tenant => tenant.Tenant, tenant => tenant.Cpu, StringComparer.Ordinal);
        var unnamed = node.CostOf(named: null);
        return
        [
            .. routes.TenantsOf(node.Id).Where(active.Contains).Select(tenant => new PlacedTenant(
                tenant, view.WishOf(tenant), IsActive: true, moves.IsResting(tenant),
                named.TryGetValue(tenant.Value, out var cpu) ? node.CostOf(cpu) : unnamed)),
        ];
    }
}
