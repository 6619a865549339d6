using Platform.Pbm.Shell;

namespace Platform.Pbm.Tests.Shell;

public sealed class LineEditorTests
{
    [Fact]
    public void Keys_edit_where_the_cursor_is()
    {
        Assert.Equal("Xab", Read([.. Typed("ab"), Key(ConsoleKey.Home), .. Typed("X")]));
        Assert.Equal("aXb", Read([.. Typed("ab"), Key(ConsoleKey.LeftArrow), .. Typed("X")]));
        Assert.Equal("a", Read([.. Typed("ab"), Key(ConsoleKey.Backspace)]));
        Assert.Equal("b", Read([.. Typed("ab"), Control(ConsoleKey.A), Key(ConsoleKey.Delete)]));
        Assert.Equal("", Read([Key(ConsoleKey.Backspace), Key(ConsoleKey.Delete), Key(ConsoleKey.LeftArrow)]));
        Assert.Equal("one ", Read([.. Typed("one two"), Control(ConsoleKey.W)]));
        Assert.Equal("one", Read([.. Typed("one two"), Control(ConsoleKey.LeftArrow), Key(ConsoleKey.LeftArrow),
            Control(ConsoleKey.K)]));
        Assert.Equal("two", Read([.. Typed("one two"), Control(ConsoleKey.LeftArrow), Control(ConsoleKey.U)]));
    }

    [Fact]
    public void The_end_of_input_is_null_only_on_an_empty_line()
    {
        Assert.Null(Run([Control(ConsoleKey.D)]));
        Assert.Equal("", Run([.. Typed("half"), Control(ConsoleKey.C)]));
        Assert.Equal("half", Run([.. Typed("half"), Control(ConsoleKey.D), Key(ConsoleKey.Enter)]));
    }

    [Fact]
    public void The_unfinished_line_is_waiting_at_the_end_of_the_history()
    {
        var up = Key(ConsoleKey.UpArrow);
        var down = Key(ConsoleKey.DownArrow);

        Assert.Equal("second", Read([up]));
        Assert.Equal("first", Read([up, up, up]));
        Assert.Equal("second", Read([up, up, down]));
        Assert.Equal("mine", Read([.. Typed("mine"), up, down, down]));
    }

    [Fact]
    public void The_history_is_searched_backwards()
    {
        var search = Control(ConsoleKey.R);

        Assert.Equal("first", Read([search, .. Typed("ir")]));
        Assert.Equal("second", Read([search, .. Typed("s")]));
        Assert.Equal("first", Read([search, .. Typed("s"), search]));
        Assert.Equal("first", Read([search, .. Typed("s"), search, search]));
        Assert.Equal("second", Read([search, .. Typed("fi"), Key(ConsoleKey.Backspace), Key(ConsoleKey.Backspace), .. Typed("O")]));
        Assert.Equal("mine", Read([.. Typed("mine"), search, .. Typed("fir"), Key(ConsoleKey.Escape)]));
        Assert.Equal("firs", Read([search, .. Typed("fir"), Key(ConsoleKey.End), Key(ConsoleKey.Backspace)]));
        Assert.Equal("", Run([search, .. Typed("fir"), Control(ConsoleKey.C)]));
    }

    [Fact]
    public void Tab_takes_the_only_candidate_the_common_beginning_or_lists_them()
    {
        Assert.Equal("create ", Read([.. Typed("c\t")]));
        Assert.Equal("re", Read([.. Typed("r\t")]));
        Assert.Equal("x", Read([.. Typed("x\t")]));
        var output = new StringWriter();
        Run([.. Typed("re\t\n")], output);
        Assert.Contains("remove  restore", output.ToString());
    }

    [Fact]
    public void A_line_wider_than_the_terminal_is_drawn_in_one_row()
    {
        var output = new StringWriter();
        var line = Run([.. Typed(new string('x', 100) + "end\n")], output, width: 20);

        Assert.Equal(103, line!.Length);
        var drawn = output.ToString().Split('\r').Select(part => part.Split('\e')[0].TrimEnd('\n'));
        Assert.All(drawn, row => Assert.InRange(row.Length, 0, 19));
        Assert.Contains("pbm> xxxxxxxxxxxend", drawn);
    }

    private static string? Read(ConsoleKeyInfo[] keys) => Run([.. keys, Key(ConsoleKey.Enter)]);

    private static string? Run(ConsoleKeyInfo[] keys, StringWriter? output = null, int width = 80)
    {
        var history = ShellHistory.Load(null);
        history.Add("first");
        history.Add("second");
        string[] words = ["create", "remove", "restore"];
        var editor = new LineEditor(
            new ScriptedKeys(keys),
            output ?? new StringWriter(),
            () => width,
            history,
            line => [.. words.Where(word => word.StartsWith(line, StringComparison.Ordinal))]);
        return editor.ReadLine("pbm> ");
    }

    private static IEnumerable<ConsoleKeyInfo> Typed(string text) => ScriptedKeys.Typed(text);

    private static ConsoleKeyInfo Key(ConsoleKey key) => ScriptedKeys.Key(key);

    private static ConsoleKeyInfo Control(ConsoleKey key) => ScriptedKeys.Control(key);
}
