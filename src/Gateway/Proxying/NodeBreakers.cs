using System.Collections.Concurrent;
using Platform.Gateway.Owners;

namespace Platform.Gateway.Proxying;

/// <summary>
/// One breaker for each address: a node that comes back at another address starts anew. Bounded: when there are too
/// many all are forgotten, which costs each dead node a few more attempts.
/// </summary>
internal sealed class NodeBreakers(ProxyOptions options, TimeProvider time)
{
    /// <summary>Far more than nodes of a cluster; what is above it comes from nodes that come and go.</summary>
    private const int CountMax = 4096;

    private readonly ConcurrentDictionary<string, NodeBreaker> _breakers = new(StringComparer.Ordinal);

    /// <summary>Nodes that are left alone now.</summary>
    public int OpenCount => _breakers.Values.Count(breaker => breaker.IsOpen);

    public NodeBreaker Of(NodeAddress node)
    {
        if (_breakers.TryGetValue(node.Prefix, out var breaker)) return breaker;
        if (_breakers.Count >= CountMax) _breakers.Clear();
        return _breakers.GetOrAdd(node.Prefix, _ => new NodeBreaker(options, time));
    }
}
