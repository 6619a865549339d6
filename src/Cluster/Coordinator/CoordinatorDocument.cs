namespace Platform.Cluster.Coordinator;

/// <summary>The value of <c>/coordinator</c>, on the lease of the process that was elected.</summary>
internal sealed record CoordinatorDocument
{
    public required string Node { get; init; }

    /// <summary>Where its internal API answers: a URL without a path.</summary>
    public required string Address { get; init; }

    /// <summary>Of one life of the process; empty: of a release that does not say.</summary>
    public string Instance { get; init; } = "";

    /// <summary>Of one candidacy, so that no two write the same value.</summary>
    public string Candidacy { get; init; } = "";
}
