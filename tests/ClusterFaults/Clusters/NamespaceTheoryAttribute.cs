namespace Platform.ClusterFaults.Tests.Clusters;

/// <summary>A theory that cuts networks; it is skipped, with the reason, where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceTheoryAttribute : TheoryAttribute
{
    public NamespaceTheoryAttribute() => Skip = NamespaceSupport.Problem;
}
