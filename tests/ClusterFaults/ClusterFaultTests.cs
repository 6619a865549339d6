using Platform.ClusterFaults.Tests.Clusters;
using Platform.ClusterFaults.Tests.Scenarios;
using Xunit.Abstractions;

namespace Platform.ClusterFaults.Tests;

/// <summary>
/// A load of reads and writes through the gateways of a real cluster, while harm is done to it; and afterwards the question
/// whether everything that was acknowledged is there, once.
/// </summary>
public sealed class ClusterFaultTests(FaultCluster cluster, ITestOutputHelper output) : IClassFixture<FaultCluster>
{
    public static TheoryData<string, int> OfProcesses => ScenarioChoice.Of(ProcessFaults.All);

    public static TheoryData<string, int> OfNetworks => ScenarioChoice.Of(NetworkFaults.All);

    [Theory]
    [MemberData(nameof(OfProcesses))]
    public Task Nothing_acknowledged_is_lost_when_a_process_fails(string scenario, int seed) =>
        RunAsync(ProcessFaults.All, scenario, seed);

    [NamespaceTheory]
    [MemberData(nameof(OfNetworks))]
    public Task Nothing_acknowledged_is_lost_when_the_network_fails(string scenario, int seed) =>
        RunAsync(NetworkFaults.All, scenario, seed);

    private Task RunAsync(IReadOnlyList<FaultScenario> scenarios, string name, int seed) =>
        new ScenarioRun(cluster, output).RunAsync(scenarios.Single(scenario => scenario.Name == name), seed);
}
