namespace Platform.Cluster.Store.Etcd.Grpc;

/// <summary>The server answered, and the answer is not "ok".</summary>
internal sealed class GrpcStatusException(GrpcStatus status, string message) : Exception($"{message} (status {status})")
{
    public GrpcStatus Status { get; } = status;

    /// <summary>
    /// True when another member, or the same a moment later, may do it: no leader, an overloaded or ending member.
    /// </summary>
    public bool IsTransient => Status is GrpcStatus.Unavailable or GrpcStatus.DeadlineExceeded or GrpcStatus.Unknown
        or GrpcStatus.Cancelled or GrpcStatus.Internal;
}
