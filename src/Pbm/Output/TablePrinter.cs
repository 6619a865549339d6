using Platform.Pbm.Terminal;
using Spectre.Console;

namespace Platform.Pbm.Output;

/// <summary>
/// Prints tables: with borders and colours, wrapped to its width, on a terminal; as plain aligned columns into a pipe.
/// </summary>
internal sealed class TablePrinter(PbmTerminal terminal)
{
    private bool UsesAnsi => terminal.IsOutputTerminal && terminal.Environment("TERM") != "dumb";

    private bool UsesColours => UsesAnsi && string.IsNullOrEmpty(terminal.Environment("NO_COLOR"));

    /// <summary>Prints rows below their headers.</summary>
    public void PrintRows(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows) =>
        Write(terminal.IsOutputTerminal ? Bordered(headers, rows) : Plain(headers, rows));

    /// <summary>Prints names and values, one pair a line.</summary>
    public void PrintPairs(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadRight(2));
        grid.AddColumn(new GridColumn());
        foreach (var (name, value) in pairs)
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), Cell(value));
        Write(grid);
    }

    private static Table Bordered(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var header in headers)
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Decoration.Bold))));
        foreach (var row in rows) table.AddRow(row.Select(Cell));
        return table;
    }

    private static Grid Plain(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        var grid = new Grid();
        foreach (var _ in headers) grid.AddColumn(new GridColumn().NoWrap().PadRight(2));
        foreach (var row in rows.Prepend(headers)) grid.AddRow([.. row.Select(Cell)]);
        return grid;
    }

    private static Text Cell(string value) => new(value, Style(value));

    private static Style Style(string value) => value switch
    {
        "healthy" or "ok" or "Up" or "active" or "ready" => new Style(Color.Green),
        "degraded" or "draining" or "Joining" or "Leaving" => new Style(Color.Yellow),
        "down" or "deleted" or "failed" or "Down" or "Exiting" => new Style(Color.Red),
        _ => Spectre.Console.Style.Plain,
    };

    private void Write(Spectre.Console.Rendering.IRenderable content)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = UsesAnsi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = UsesColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = terminal.Width();
        console.Write(content);
        // Columns are padded to their width; the padding of the last one is of no use to anybody.
        foreach (var line in text.ToString().TrimEnd().Split('\n')) terminal.Out.WriteLine(line.TrimEnd());
    }
}
