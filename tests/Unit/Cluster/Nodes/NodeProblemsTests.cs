using Platform.Cluster.Membership;
using Platform.Cluster.Nodes;

namespace Platform.Cluster.Tests.Nodes;

public sealed class NodeProblemsTests
{
    private static readonly TimeSpan LagMax = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public void A_node_whose_writes_are_stored_in_time_has_none(int lag) => Assert.Empty(ProblemsAt(lag));

    [Fact]
    public void A_node_whose_writes_are_not_stored_says_so_and_for_how_long() =>
        Assert.Equal(["object storage has not taken a write for 42 s"], ProblemsAt(42));

    [Fact]
    public void A_full_disk_is_one() => Assert.Contains(
        "the disk of the data folder is full",
        // A file system without blocks has none free.
        Assert.Single(new NodeProblems(new NodeSampler("/proc", TimeProvider.System), () => TimeSpan.Zero, LagMax).Now()),
        StringComparison.Ordinal);

    private static IReadOnlyList<string> ProblemsAt(int lag) => new NodeProblems(
        new NodeSampler(Path.GetTempPath(), TimeProvider.System), () => TimeSpan.FromSeconds(lag), LagMax).Now();
}
