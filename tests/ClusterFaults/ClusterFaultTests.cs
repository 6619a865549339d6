using Platform.ClusterFaults.Tests.Clusters;
using Platform.ClusterFaults.Tests.Scenarios;
using Xunit.Abstractions;

namespace Platform.ClusterFaults.Tests;

/// <summary>
/// A load of reads and writes through the gateways of a real cluster, while harm is done to it; and afterwards the question
/// whether everything that was acknowledged is there, once.
/// </summary>
[Collection(FaultClusterCollection.Name)]
public sealed class ClusterFaultTests(FaultCluster cluster, ITestOutputHelper output)
{
    public static TheoryData<string, int> OfProcesses => ScenarioChoice.Of(ProcessFaults.All);

    public static TheoryData<string, int> OfMachines => ScenarioChoice.Of(MachineFaults.All);

    public static TheoryData<string, int> OfOperators => ScenarioChoice.Of(OperatorFaults.All);

    [Theory]
    [MemberData(nameof(OfProcesses))]
    public Task Nothing_acknowledged_is_lost_when_a_process_fails(string scenario, int seed) =>
        RunAsync(ProcessFaults.All, scenario, seed);

    [NamespaceTheory]
    [MemberData(nameof(OfMachines))]
    public Task Nothing_acknowledged_is_lost_when_a_network_or_a_disk_fails(string scenario, int seed) =>
        RunAsync(MachineFaults.All, scenario, seed);

    [Theory]
    [MemberData(nameof(OfOperators))]
    public Task Nothing_acknowledged_is_lost_when_operators_move_tenants_and_restart_processes(string scenario, int seed) =>
        RunAsync(OperatorFaults.All, scenario, seed);

    private Task RunAsync(IReadOnlyList<FaultScenario> scenarios, string name, int seed) =>
        new ScenarioRun(cluster, output).RunAsync(scenarios.Single(scenario => scenario.Name == name), seed);
}
