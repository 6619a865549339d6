namespace Platform.Cluster.Store;

/// <summary>A lease has ended, or never was.</summary>
internal sealed class StoreLeaseNotFoundException(long leaseId)
    : ClusterStoreException($"The lease {leaseId} has ended.")
{
    public long LeaseId { get; } = leaseId;
}
