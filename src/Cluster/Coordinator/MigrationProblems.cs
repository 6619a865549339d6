using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Http;
using Platform.Messages.Identity;

namespace Platform.Cluster.Coordinator;

/// <summary>Why a tenant is not moved, in words.</summary>
internal static class MigrationProblems
{
    private const string Refused = "The tenant cannot be moved there.";

    public static ApiProblem OneNode { get; } = new(
        409, "There is one node: this process runs everything (platform.mode = all-in-one), and tenants have nowhere to move.");

    public static ApiProblem NotCoordinator { get; } = new(
        503, "This process is not the coordinator any more; nothing was done. Try again.")
    {
        RetryAfterSeconds = 1,
    };

    public static ApiProblem NoCoordinator { get; } = new(
        503, "The cluster has no coordinator at the moment; nothing was done. Try again.")
    {
        RetryAfterSeconds = 1,
    };

    public static ApiProblem NoAnswer { get; } = new(
        503, "The coordinator does not answer; where the tenant is can be read (GET /api/cp/tenants/{id}/location).")
    {
        RetryAfterSeconds = 2,
    };

    public static ApiProblem TooMany { get; } = new(
        503, "As many tenants move already as may at once (platform.cluster.moves-max); nothing was done. Try again.")
    {
        RetryAfterSeconds = 1,
    };

    public static ApiProblem UnderWay(TenantId tenant) => new(409, $"The tenant '{tenant}' is being moved already.");

    public static ApiProblem OwnerIsDown(TenantId tenant, string node) => new(
        503, $"The node '{node}' of the tenant '{tenant}' is down; the tenant gets another by itself. Try again.")
    {
        RetryAfterSeconds = 1,
    };

    public static ApiProblem Nowhere(TenantId tenant) =>
        new(409, $"No other node can take the tenant '{tenant}': none is up, not cordoned, with room and in its zone.");

    public static ApiProblem UnknownNode(string node) =>
        OfNode(400, "validation_unknown_node", $"There is no node '{Shorten(node)}'.");

    public static ApiProblem NoTenantNode(string node) =>
        OfNode(400, "validation_no_tenant_node", $"The process '{node}' runs no tenants.");

    public static ApiProblem SameNode(string node) =>
        OfNode(409, "validation_same_node", $"The tenant is on the node '{node}' already.");

    public static ApiProblem Down(string node) => OfNode(409, "validation_node_down", $"The node '{node}' is down.");

    public static ApiProblem Cordoned(string node) =>
        OfNode(409, "validation_node_cordoned", $"The node '{node}' is cordoned, drained or stopping: it gets no more tenants.");

    public static ApiProblem Full(string node) => OfNode(
        409, "validation_node_full", $"The node '{node}' is full: its places, memory, disk or processor are used up.");

    public static ApiProblem OtherZone(string node, string zone, string wanted) => OfNode(
        409, "validation_other_zone",
        $"The node '{node}' is in the zone '{zone}', and the tenant's metadata wants '{wanted}' (placement.zone).");

    /// <summary>It was tried; the tenant is served, where it was or where its route says.</summary>
    public static ApiProblem Failed(PlannedMove move, MoveOutcome outcome)
    {
        var step = outcome.Step switch
        {
            MoveStep.Prepare => "could not be prepared",
            MoveStep.HandOff => "was not handed off",
            MoveStep.Open => "could not be opened there, and went back",
            _ => "could not be moved",
        };
        return new ApiProblem(503, $"The tenant '{move.Tenant}' did not move to '{move.To}'; it {step}: {outcome.Reason}.")
        {
            RetryAfterSeconds = 5,
        };
    }

    private static ApiProblem OfNode(int status, string code, string reason) =>
        ApiProblem.OfField(status, Refused, "node", code, reason);

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
