namespace Platform.Cluster.Membership;

/// <summary>Two processes have one node id.</summary>
internal sealed class NodeIdTakenException(NodeDocument other) : Exception(
    $"the node id '{other.Id}' is in use by the process at {other.Address}, started {other.Started:u}; "
    + "each process needs one of its own (platform.node-id)");
