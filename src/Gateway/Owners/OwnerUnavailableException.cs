namespace Platform.Gateway.Owners;

/// <summary>A tenant has no owner at this moment and cannot be given one; later it may.</summary>
/// <param name="message">The reason in words, fit for a client: no addresses, no names of nodes.</param>
/// <param name="cause">What failed, for the log.</param>
public sealed class OwnerUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
