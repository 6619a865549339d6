using System.Text.Json;

namespace Platform.Pbm.Output;

/// <summary>
/// Prints any document of the admin API: its values as pairs, each list of objects in it as a table. It knows no
/// field by name, so that a newer server shows its newer fields.
/// </summary>
internal sealed class DocumentPrinter(TablePrinter tables, TextWriter output)
{
    public void Print(JsonElement document)
    {
        if (document.ValueKind == JsonValueKind.Array)
        {
            PrintList(document);
            return;
        }

        if (document.ValueKind != JsonValueKind.Object) return;
        var pairs = Pairs(document, "").ToList();
        if (pairs.Count > 0) tables.PrintPairs(pairs);
        foreach (var member in document.EnumerateObject().Where(member => IsTable(member.Value)))
        {
            if (pairs.Count > 0) output.WriteLine();
            output.WriteLine($"{Display.Clean(member.Name)}:");
            PrintList(member.Value);
        }
    }

    /// <summary>Prints a list of objects with the union of their fields as columns.</summary>
    public void PrintList(JsonElement list)
    {
        var items = list.EnumerateArray().ToList();
        if (items.Count == 0)
        {
            output.WriteLine("(none)");
            return;
        }

        var columns = items.Where(item => item.ValueKind == JsonValueKind.Object)
            .SelectMany(item => item.EnumerateObject()).Select(member => member.Name).Distinct().ToList();
        PrintColumns(items, columns);
    }

    /// <summary>Prints the given fields of a list of objects.</summary>
    public void PrintColumns(IEnumerable<JsonElement> items, IReadOnlyList<string> columns) => tables.PrintRows(
        [.. columns.Select(Display.Clean)],
        items.Select(item => columns.Select(column => Cell(item, column)).ToList()));

    private static string Cell(JsonElement item, string column) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(column, out var value)
            ? Display.Value(column, value)
            : Display.Value(default(JsonElement));

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JsonElement document, string prefix)
    {
        foreach (var member in document.EnumerateObject().Where(member => !IsTable(member.Value)))
        {
            var name = prefix + Display.Clean(member.Name);
            var isNested = member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().Any();
            if (isNested && prefix.Length == 0)
                foreach (var pair in Pairs(member.Value, name + ".")) yield return pair;
            else yield return new(name, Display.Value(member.Name, member.Value));
        }
    }

    private static bool IsTable(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
        && value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object);
}
