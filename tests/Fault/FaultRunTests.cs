using System.Globalization;
using Platform.Fault.Tests.Runs;

namespace Platform.Fault.Tests;

/// <summary>
/// Random lives with faults. <c>PLATFORM_FAULT_RUNS</c> says how many, <c>PLATFORM_FAULT_SEED</c> the first seed: with
/// the seed alone, that one life is lived again. <c>PLATFORM_FAULT_STOCK=all</c> has stock Litestream read every end.
/// </summary>
public sealed class FaultRunTests
{
    private const int RunsOfEachBuild = 30;
    private const int Steps = 25;
    private const int StockSample = 20;

    public static TheoryData<int> Seeds
    {
        get
        {
            var first = Number("PLATFORM_FAULT_SEED");
            var runs = Number("PLATFORM_FAULT_RUNS") ?? (first is null ? RunsOfEachBuild : 1);
            return [.. Enumerable.Range(first ?? 1, runs)];
        }
    }

    private static bool IsStockAskedAlways => Environment.GetEnvironmentVariable("PLATFORM_FAULT_STOCK") == "all";

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait("needs", "npm")]
    public async Task Every_acknowledged_write_is_there_and_no_other_history(int seed)
    {
        try
        {
            var random = new Random(seed);
            using var world = new FaultWorld(random);
            await new FaultRun(world, random).RunAsync(Steps);
            var verdict = new Verdict(world, random);
            await verdict.RequireAsync();
            if (IsStockAskedAlways || seed % StockSample == 0)
            {
                await verdict.RequireStockAsync();
            }
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"PLATFORM_FAULT_SEED={seed} lives it again. {failure.Message}", failure);
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
