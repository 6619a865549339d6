namespace Platform.Cluster.Membership;

/// <summary>Whether this process is a member, certainly. Asked before each request and each acknowledgement.</summary>
internal interface IMembership
{
    /// <summary>
    /// False from before the moment on at which others may take this node for lost, until it has joined again.
    /// </summary>
    bool IsServing { get; }
}
