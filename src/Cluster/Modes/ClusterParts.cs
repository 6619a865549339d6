using Microsoft.Extensions.Logging;
using Platform.Cluster.CommandLine;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Events;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Cluster.Store.Etcd;

namespace Platform.Cluster.Modes;

/// <summary>
/// What every process of a cluster has, whatever its roles: the store, exact copies of nodes, routes and the
/// coordinator, its own membership, and the way to the others.
/// </summary>
internal sealed class ClusterParts : IAsyncDisposable
{
    private readonly PrefixWatch[] _watches;

    private ClusterParts(
        PlatformOptions options, EtcdStore store, LocalNode local, string folderId, TimeProvider time,
        ILoggerFactory loggers)
    {
        Store = store;
        Local = local;
        Nodes = new NodeTable(time);
        Notes = new EventNotes(store, time, loggers.CreateLogger<EventNotes>());
        Identity = new NodeIdentity(local, folderId, PlatformCommand.Version);
        Membership = new NodeMembership(
            store, Identity, options.Cluster.LeaseTtl, time, loggers.CreateLogger<NodeMembership>());
        Nodes.Removed += Membership.HearRemoved;
        Client = new InternalClient(options.Cluster.Secret!);
        Owners = new ClusterOwners(Nodes, Routes, Office, Client);
        var logger = loggers.CreateLogger<PrefixWatch>();
        _watches =
        [
            new PrefixWatch(store, ClusterKeys.AllOfNodes, "the nodes", Nodes, time, logger),
            new PrefixWatch(store, ClusterKeys.Routes, "the routes", Routes, time, logger),
            new PrefixWatch(store, ClusterKeys.Coordinator, "the coordinator's office", Office, time, logger),
        ];
    }

    public EtcdStore Store { get; }

    public LocalNode Local { get; }

    public NodeTable Nodes { get; }

    public RouteMap Routes { get; } = new();

    /// <summary>Tells the others what happens.</summary>
    public EventNotes Notes { get; }

    public CoordinatorCopy Office { get; } = new();

    public NodeIdentity Identity { get; }

    public NodeMembership Membership { get; }

    public InternalClient Client { get; }

    public ClusterOwners Owners { get; }

    /// <summary>Why a copy may be old; null when all are exact.</summary>
    public string? Problem => _watches.Select(watch => watch.Problem).FirstOrDefault(problem => problem is not null);

    /// <exception cref="StartException">The cluster store cannot be used.</exception>
    public static async Task<ClusterParts> OpenAsync(
        PlatformOptions options, LocalNode local, string folderId, TimeProvider time, ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        ClusterParts? parts = null;
        try
        {
            var store = await EtcdStore.OpenAsync(
                options.Cluster.Etcd, new Random(), time, loggers.CreateLogger<EtcdStore>(), cancellationToken);
            parts = new ClusterParts(options, store, local, folderId, time, loggers);
            foreach (var watch in parts._watches) await watch.LoadAsync(cancellationToken);
            return parts;
        }
        catch (ClusterStoreException cause)
        {
            if (parts is not null) await parts.DisposeAsync();
            throw new StartException(
                $"the cluster store cannot be used: {cause.Message} (platform.cluster.etcd)", cause);
        }
    }

    public void Start(BackgroundTasks background)
    {
        foreach (var watch in _watches) background.Start(watch.RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Store.DisposeAsync();
    }
}
