namespace Platform.Cluster.Coordinator;

/// <summary>Another coordinator is in office: nothing was changed.</summary>
internal sealed class CoordinatorReplacedException(long epoch)
    : Exception($"The coordinator of epoch {epoch} is not in office any more.");
