namespace Platform.Cluster.Modes;

/// <summary>
/// The world does not let the process start: a port, a folder, a store. The message is for the operator.
/// </summary>
internal sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
