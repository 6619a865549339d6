namespace Platform.Cluster.Health;

/// <summary>
/// Whether the process may be sent requests. Starting, running and stopping are set by the mode; further conditions
/// are asked for at each probe and must answer from memory.
/// </summary>
internal sealed class NodeHealth
{
    private const string Stopping = "stopping";

    private readonly List<Func<ReadyCheck>> _checks = [];

    /// <summary>Written by the mode, read by probes.</summary>
    private volatile string? _problem = "starting";

    /// <summary>Adds a condition; only before <see cref="MarkStarted"/>.</summary>
    public void Add(Func<ReadyCheck> check) => _checks.Add(check);

    public void MarkStarted() => _problem = null;

    public void MarkStopping() => _problem = Stopping;

    /// <summary>True since the process was asked to stop.</summary>
    public bool IsStopping => ReferenceEquals(_problem, Stopping);

    public IReadOnlyList<ReadyCheck> Check() => [new("node", _problem), .. _checks.Select(check => check())];
}
