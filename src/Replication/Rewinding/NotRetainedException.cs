namespace Platform.Replication.Rewinding;

/// <summary>The wanted moment or transaction is none that the replica can give. Nothing was changed.</summary>
/// <param name="reason">What was asked for, and what there is instead, in sentences.</param>
public sealed class NotRetainedException(string reason) : Exception(reason);
