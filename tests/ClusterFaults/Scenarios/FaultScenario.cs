namespace Platform.ClusterFaults.Tests.Scenarios;

/// <summary>A way to do harm to a cluster.</summary>
/// <param name="Name">By which it is asked for.</param>
/// <param name="InflictAsync">Does the harm, and ends it. Waits have bounds.</param>
/// <param name="IsQuick">Part of every build, not of the long run only.</param>
/// <param name="IsUnnoticed">No request may fail.</param>
internal sealed record FaultScenario(
    string Name, Func<FaultContext, Task> InflictAsync, bool IsQuick = true, bool IsUnnoticed = false);
