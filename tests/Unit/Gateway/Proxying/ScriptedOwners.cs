using System.Collections.Concurrent;
using Platform.Gateway.Owners;
using Platform.Messages.Identity;

namespace Platform.Gateway.Tests.Proxying;

/// <summary>The routes of a test: one owner for all tenants, changed by the test, and a coordinator it writes.</summary>
internal sealed class ScriptedOwners : ITenantOwners
{
    private readonly Lock _changing = new();
    private TenantOwner? _owner;
    private int _placements;

    public Func<long, CancellationToken, Task<TenantOwner>> Place { get; set; } =
        (_, _) => throw new OwnerUnavailableException("There is no node with room.");

    public int Placements => Volatile.Read(ref _placements);

    public void Set(NodeAddress? node, long epoch)
    {
        lock (_changing) _owner = node is null ? null : new TenantOwner(node, epoch);
    }

    /// <summary>Ids of nodes that are not among the living.</summary>
    public ConcurrentDictionary<string, bool> Dead { get; } = new();

    public bool IsAlive(NodeAddress node) => !Dead.ContainsKey(node.Id);

    public TenantOwner? Find(TenantId tenant)
    {
        lock (_changing) return _owner;
    }

    public async Task WhenMovedAsync(TenantId tenant, long knownEpoch, CancellationToken cancellationToken)
    {
        while (Find(tenant) is not { } owner || owner.Epoch <= knownEpoch) await Task.Delay(5, cancellationToken);
    }

    public Task<TenantOwner> PlaceAsync(TenantId tenant, long knownEpoch, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _placements);
        return Place(knownEpoch, cancellationToken);
    }
}
