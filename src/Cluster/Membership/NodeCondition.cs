namespace Platform.Cluster.Membership;

/// <summary>How a node does, as others see it.</summary>
internal enum NodeCondition
{
    /// <summary>It holds its lease and says that it is well.</summary>
    Healthy,

    /// <summary>It holds its lease, but has a problem or sends no heartbeats. It keeps its tenants and gets no
    /// more.</summary>
    Degraded,

    /// <summary>Its lease has ended. Its tenants are given to others.</summary>
    Down,
}
