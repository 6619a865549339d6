namespace Platform.ClusterFaults.Tests.Clusters;

/// <summary>The classes that share one cluster; one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class FaultClusterCollection : ICollectionFixture<FaultCluster>
{
    public const string Name = "fault cluster";
}
