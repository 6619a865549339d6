using System.Collections.Concurrent;
using Platform.Gateway.Owners;

namespace Platform.Gateway.Proxying;

/// <summary>
/// Ends what waits for nodes that are not among the living any more: a machine that is gone closes no connection, so
/// nothing else would tell. A node that left a moment ago has that moment to finish its answers.
/// </summary>
internal sealed class LostNodes : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Looks in a row that miss a node before it is taken for lost.</summary>
    private const int MissesMax = 3;

    private readonly ITenantOwners _owners;
    private readonly ConcurrentDictionary<NodeAddress, Watch> _watches = new();
    private readonly ITimer _timer;

    public LostNodes(ITenantOwners owners, TimeProvider time)
    {
        _owners = owners;
        _timer = time.CreateTimer(_ => Look(), null, LookInterval, LookInterval);
    }

    /// <summary>Cancelled when the node is lost. Tokens of nodes without requests cost nothing but their entry.</summary>
    public CancellationToken Of(NodeAddress node)
    {
        if (_watches.TryGetValue(node, out var watch)) return watch.Lost.Token;
        return _watches.GetOrAdd(node, _ => new Watch()).Lost.Token;
    }

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var watch in _watches.Values) watch.Lost.Dispose();
    }

    private void Look()
    {
        foreach (var (node, watch) in _watches)
        {
            if (_owners.IsAlive(node))
            {
                watch.Misses = 0;
                continue;
            }

            // Removed first: who asks from now on gets a token of its own. The old one is left to the collector, since
            // requests may still be linking to it.
            if (++watch.Misses < MissesMax || !_watches.TryRemove(node, out _)) continue;
            watch.Lost.Cancel();
        }
    }

    private sealed class Watch
    {
        public CancellationTokenSource Lost { get; } = new();

        /// <summary>Of the timer alone.</summary>
        public int Misses { get; set; }
    }
}
