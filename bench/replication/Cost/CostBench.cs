using System.Globalization;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Replication.Bench.Cost;

/// <summary>What each kind of tenant asks of object storage in a month, and what that costs.</summary>
internal sealed class CostBench(BenchOptions options, byte[] image)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public async Task RunAsync()
    {
        using var folder = new TempFolder();
        var rows = new List<CostRow>();
        foreach (var kind in TenantKind.All)
        {
            await using var life = new TenantLife(kind, image, folder[$"tenant{rows.Count}"]);
            rows.Add(await life.RunAsync());
            await Console.Error.WriteLineAsync(kind.Name);
        }

        Write(rows);
        if (options.JsonFile is { } path)
        {
            var result = new
            {
                databaseBytes = image.Length,
                pageBytes = options.PageSize,
                daysPerMonth = Prices.DaysPerMonth,
                prices = new { Prices.PutOrList, Prices.Get, Prices.GigabyteMonth },
                tenants = rows,
            };
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(result, Json) + "\n");
        }
    }

    private void Write(List<CostRow> rows)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"A database of {image.Length / 1e6:F1} MB in pages of {options.PageSize} bytes; figures for 30 days.\n"));
        Console.WriteLine("| tenant | PUT + LIST | GET | DELETE | MB sent | MB read | MB stored | objects | requests $ | storage $ | total $ |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var row in rows)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Kind} | {row.PutsAndLists:F0} | {row.Gets:F0} | {row.Deletes:F0} | {row.MegabytesWritten:F1} "
                + $"| {row.MegabytesRead:F1} | {row.MegabytesStored:F1} | {row.Objects} | {row.RequestDollars:F4} "
                + $"| {row.StorageDollars:F4} | {row.Dollars:F4} |"));
        }

        Console.WriteLine("\n| a restore of | requests | download, of the database's size |");
        Console.WriteLine("| --- | --- | --- |");
        foreach (var row in rows)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Kind} | {row.RestoreRequests} | {row.RestoreTimesDatabase:F2} |"));
        }
    }
}
