using System.Globalization;

namespace Platform.ClusterFaults.Tests.Scenarios;

/// <summary>
/// Which scenarios run: the quick ones, or with <c>CLUSTER_FAULTS=all</c> all of them; each <c>CLUSTER_FAULT_ROUNDS</c>
/// times, from seed <c>CLUSTER_FAULT_SEED</c> on. One of them: <c>dotnet test --filter DisplayName~owner-killed</c>.
/// </summary>
internal static class ScenarioChoice
{
    public static TheoryData<string, int> Of(IReadOnlyList<FaultScenario> scenarios)
    {
        var data = new TheoryData<string, int>();
        var isAll = Environment.GetEnvironmentVariable("CLUSTER_FAULTS") == "all";
        foreach (var seed in Enumerable.Range(Number("CLUSTER_FAULT_SEED"), Number("CLUSTER_FAULT_ROUNDS")))
        {
            foreach (var scenario in scenarios.Where(scenario => isAll || scenario.IsQuick)) data.Add(scenario.Name, seed);
        }

        return data;
    }

    private static int Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : 1;
}
