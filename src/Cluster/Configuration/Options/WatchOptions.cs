namespace Platform.Cluster.Configuration.Options;

/// <summary>
/// How processes that are plainly dead are noticed before their lease ends (<c>platform.cluster.watch</c>).
/// </summary>
internal sealed record WatchOptions
{
    /// <summary>False: whatever happens to a process, its lease decides.</summary>
    public required bool IsOn { get; init; }

    /// <summary>Connections in a row that must be refused, after the one that was open has broken.</summary>
    public required int Refusals { get; init; }

    /// <summary>Between two of them.</summary>
    public required TimeSpan Interval { get; init; }
}
