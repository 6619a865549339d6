namespace Platform.Cluster.Store;

/// <summary>The store failed or could not be reached; a write may have happened or not.</summary>
internal class ClusterStoreException(string message, Exception? cause = null) : Exception(message, cause);
