namespace Platform.Cluster.Membership;

/// <summary>
/// What is remembered of a node that is not there: the value of <c>/nodes-known/{id}</c>, written when it joins and
/// deleted when it leaves in good order. So a node with this and no <see cref="NodeDocument"/> is down.
/// </summary>
internal sealed record NodeRecord
{
    public required string Id { get; init; }

    public required string Address { get; init; }

    public string Zone { get; init; } = "";

    public IReadOnlyList<string> Roles { get; init; } = [];

    public string Version { get; init; } = "";

    public DateTimeOffset Joined { get; init; }
}
