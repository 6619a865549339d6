namespace Platform.Cluster.Tenants;

/// <summary>A tenant could not be opened or written to. The cause is in the log of whoever runs tenants.</summary>
internal sealed class ProvisioningException(string message, Exception? cause = null) : Exception(message, cause);
