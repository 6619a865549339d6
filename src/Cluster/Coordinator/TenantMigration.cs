using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Http;
using Platform.Cluster.Membership;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;

namespace Platform.Cluster.Coordinator;

/// <summary>Moves one tenant because an operator says so; by the coordinator only.</summary>
internal sealed class TenantMigration(
    CoordinatorElection election, NodeTable nodes, RouteMap routes, TenantIndex tenants, PlacementView view,
    MovesUnderWay moves, TimeProvider time)
{
    public bool IsHere => election.Term is not null;

    /// <summary>True while the tenant moves, as far as this process is the coordinator and knows.</summary>
    public bool IsUnderWay(TenantId tenant) => moves.Contains(tenant);

    /// <summary>What was done, or why nothing was. A caller that goes away does not stop the move.</summary>
    public async Task<(PlannedMove Move, MoveOutcome? Outcome, ApiProblem? Problem)> MigrateAsync(
        TenantId tenant, string? node, CancellationToken cancellationToken)
    {
        if (election.Term is not { } term) return (default, null, MigrationProblems.NotCoordinator);
        var (move, problem) = Plan(tenant, node);
        if (problem is not null) return (default, null, problem);
        if (moves.BeginAsync(term, move, "moved") is not { } running)
            return (default, null, MigrationProblems.UnderWay(tenant));
        var outcome = await running.WaitAsync(cancellationToken);
        return (move, outcome, outcome.IsDone ? null : MigrationProblems.Failed(move, outcome));
    }

    private (PlannedMove Move, ApiProblem? Problem) Plan(TenantId tenant, string? node)
    {
        if (moves.Contains(tenant)) return (default, MigrationProblems.UnderWay(tenant));
        if (moves.Room == 0) return (default, MigrationProblems.TooMany);
        var from = routes.TryFind(tenant, out var route) ? route.Node : "";
        if (from.Length > 0 && nodes.Find(from)?.Document is null)
            return (default, MigrationProblems.OwnerIsDown(tenant, from));
        var board = view.Take();
        var wish = view.WishOf(tenant);
        if (node is null)
        {
            var choice = PlacementPolicy.Choose(board, wish, except: from);
            if (choice < 0 || !board.HasRoom(choice)) return (default, MigrationProblems.Nowhere(tenant));
            node = board[choice].Id;
        }
        else if (Refuse(board, wish, node, from) is { } problem)
        {
            return (default, problem);
        }

        return (new PlannedMove(tenant, from, node, IsActive: true), null);
    }

    private ApiProblem? Refuse(PlacementBoard board, PlacementWish wish, string node, string from)
    {
        if (nodes.Find(node) is not { } target) return MigrationProblems.UnknownNode(node);
        if (!target.IsTenantNode) return MigrationProblems.NoTenantNode(node);
        if (node == from) return MigrationProblems.SameNode(node);
        if (target.ConditionAt(time) == NodeCondition.Down) return MigrationProblems.Down(node);
        if (target.IsCordoned) return MigrationProblems.Cordoned(node);
        if (wish.Zone is { } zone && zone != target.Zone) return MigrationProblems.OtherZone(node, target.Zone, zone);
        return board.Find(node) is >= 0 and var index && board.HasRoom(index) ? null : MigrationProblems.Full(node);
    }

    /// <summary>What may not be moved whoever asks: a tenant that is unknown or deleted.</summary>
    public ApiProblem? RefuseTenant(string id) =>
        !TenantId.TryParse(id, out var tenant) || tenants.Get(tenant) is not { } record ? RegistryProblems.Unknown(id)
            : record.Descriptor.Status == Messages.Tenants.TenantStatus.Created ? null : RegistryProblems.IsDeleted(tenant);
}
