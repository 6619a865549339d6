using System.Globalization;

namespace Platform.Replication.Bench;

/// <summary>The command line: <c>[restore|cost] [--megabytes N] [--page-size N] [--rounds N] [--json FILE]</c>.</summary>
internal sealed record BenchOptions(int Megabytes, int PageSize, int Rounds, string? JsonFile)
{
    public static BenchOptions Parse(string[] arguments)
    {
        var options = new BenchOptions(Megabytes: 32, PageSize: 4096, Rounds: 9, JsonFile: null);
        for (var index = 0; index + 1 < arguments.Length; index += 2)
        {
            var value = arguments[index + 1];
            options = arguments[index] switch
            {
                "--megabytes" => options with { Megabytes = int.Parse(value, CultureInfo.InvariantCulture) },
                "--page-size" => options with { PageSize = int.Parse(value, CultureInfo.InvariantCulture) },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--json" => options with { JsonFile = value },
                var other => throw new ArgumentException($"Unknown option {other}.", nameof(arguments)),
            };
        }

        return options;
    }
}
