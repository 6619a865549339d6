namespace Platform.Cluster.Health;

/// <summary>One condition of readiness.</summary>
/// <param name="Name">As it appears in the answer.</param>
/// <param name="Problem">Why the process is not ready; null when it is.</param>
internal readonly record struct ReadyCheck(string Name, string? Problem);
