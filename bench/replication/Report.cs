using System.Globalization;
using System.Text.Json;

namespace Platform.Replication.Bench;

/// <summary>The result: a table for people, JSON for machines.</summary>
internal sealed record Report(
    string Runtime,
    string Processor,
    int PageSize,
    long DatabaseBytes,
    long LtxBytes,
    int Rounds,
    IReadOnlyList<Report.Row> Rows)
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public string ToJson() => JsonSerializer.Serialize(this, Indented);

    public void WriteTable(TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {Processor}, {Runtime}
            {DatabaseBytes / 1e6:F1} MB of {PageSize}-byte pages, {LtxBytes / 1e6:F1} MB as LTX; median of {Rounds}

            {"",-22}{"MB/s",10}{"of baseline",14}{"allocated",12}
            """));
        foreach (var row in Rows)
        {
            var share = row.ShareOfBaseline is { } value ? value.ToString("P0", CultureInfo.InvariantCulture) : "";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Name,-22}{row.MegabytesPerSecond,10:F0}{share,14}{row.AllocatedBytes,12}"));
        }
    }

    internal sealed record Row(string Name, double MegabytesPerSecond, double? ShareOfBaseline, long AllocatedBytes);
}
