namespace Platform.Cluster.Membership;

/// <summary>
/// A node as it announces itself: the value of <c>/nodes/{id}</c>, on the node's lease, written anew at each heartbeat.
/// Fields that a reader does not know are ignored, so that releases can differ by one.
/// </summary>
internal sealed record NodeDocument
{
    public required string Id { get; init; }

    /// <summary>Of one life of the process.</summary>
    public required string Instance { get; init; }

    /// <summary>Of the data folder: who holds it proves that an earlier life on it has ended.</summary>
    public required string Folder { get; init; }

    /// <summary>How other processes reach it: a URL without a path.</summary>
    public required string Address { get; init; }

    public string Zone { get; init; } = "";

    public IReadOnlyList<string> Roles { get; init; } = [];

    public string Version { get; init; } = "";

    /// <summary>See <see cref="ClusterProtocol"/>.</summary>
    public int Protocol { get; init; }

    public DateTimeOffset Started { get; init; }

    /// <summary>The moment of the heartbeat by the node's own clock; for people, not for decisions.</summary>
    public DateTimeOffset Heartbeat { get; init; }

    /// <summary>What is wrong with it, by its own word; empty when it is well.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>It was asked to stop: it gets no more tenants, and those that it has are moved away.</summary>
    public bool IsLeaving { get; init; }

    public NodeLoad Load { get; init; } = new();
}
