namespace Platform.ClusterFaults.Tests.Checking;

/// <summary>What a tenant holds after the load.</summary>
/// <param name="Records">Ids of the records that were created.</param>
/// <param name="Counters">Values by counter.</param>
/// <param name="Claims">The record that holds each key; several when the key is not unique any more.</param>
internal sealed record FinalState(
    IReadOnlySet<string> Records, IReadOnlyDictionary<string, long> Counters, ILookup<string, string> Claims);
