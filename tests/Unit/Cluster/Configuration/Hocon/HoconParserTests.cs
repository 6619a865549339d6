using Platform.Cluster.Configuration;
using Platform.Cluster.Configuration.Hocon;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Configuration.Hocon;

public sealed class HoconParserTests
{
    [Theory]
    [InlineData("a = 1", "1")]
    [InlineData("a : 1", "1")]
    [InlineData("{ \"a\" : 1 }", "1")]
    [InlineData("a = x // comment", "x")]
    [InlineData("# comment\n// another\na = x # comment", "x")]
    [InlineData("a = two words  \n", "two words")]
    [InlineData("a = ./platform-data", "./platform-data")]
    [InlineData("a = \"http://x # no comment\"", "http://x # no comment")]
    [InlineData("a = \"q\\\"\\\\\\n\\u0041\"", "q\"\\\nA")]
    [InlineData("a = \"\"\"raw \\n \"quotes\"\"\"\"", "raw \\n \"quotes\"")]
    [InlineData("a = 1\na = 2", "2")]
    [InlineData("a = \"null\"", "null")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = 1, b = 2", "1")]
    [InlineData("a = \"x\" y \"z\"", "x y z")]
    [InlineData("a =\n  1", "1")]
    [InlineData("\uFEFFa = 1\r\n", "1")]
    public void A_value_is_read(string text, string expected) => Assert.Equal(expected, Read(text)["a"].Text);

    [Fact]
    public void Keys_may_be_dotted_nested_and_quoted_and_objects_merge()
    {
        var values = Read("a.b = 1\na { c = 2, \"d.e\" : 3 }\na { b = 4 }");
        Assert.Equal("4", values["a.b"].Text);
        Assert.Equal("2", values["a.c"].Text);
        Assert.Equal("3", values["a.d.e"].Text);
    }

    [Theory]
    [InlineData("a = [1, two words, \"x,y\"]")]
    [InlineData("a = [\n 1\n two words # comment\n \"x,y\",\n]")]
    public void A_list_is_separated_by_commas_or_lines(string text) =>
        Assert.Equal(["1", "two words", "x,y"], Read(text)["a"].Items);

    [Theory]
    [InlineData("b = 1\na = ${b}", "1")]
    [InlineData("a = ${b}\nb = later", "later")]
    [InlineData("b = /data\na = ${b}/objects", "/data/objects")]
    [InlineData("a = before\na = ${?UNSET}", "before")]
    [InlineData("a = before\na = ${?SET}", "from the environment")]
    [InlineData("a = ${SET}", "from the environment")]
    [InlineData("c.d = 7\na = ${c.d}", "7")]
    public void A_substitution_takes_a_key_or_a_variable(string text, string expected) =>
        Assert.Equal(expected, Read(text)["a"].Text);

    [Fact]
    public void An_optional_substitution_that_is_undefined_leaves_the_key_out() =>
        Assert.DoesNotContain("a", Read("a = ${?UNSET}\nb = 1"));

    [Fact]
    public void Null_is_as_if_the_key_was_not_written() => Assert.DoesNotContain("a", Read("a = 1\na = null"));

    [Theory]
    [InlineData("a = ${b}", 1, "'b' is neither a key nor an environment variable")]
    [InlineData("a = ${b}\nb = ${a}", 1, "refers to itself")]
    [InlineData("\na = ${a}", 2, "refers to itself")]
    public void A_substitution_without_a_value_is_an_error_with_its_place(string text, int line, string reason)
    {
        var problems = new List<ConfigurationProblem>();
        Flatten(text, problems);
        Assert.Contains(problems, problem =>
            problem.Source == $"test.conf:{line}" && problem.Message.Contains(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a", 1, 2, "expected '='")]
    [InlineData("a = 1\nb = \"x", 2, 5, "not closed by '\"'")]
    [InlineData("a = \"\"\"x", 1, 5, "not closed by '\"\"\"'")]
    [InlineData("a {\n b = 1\n", 1, 4, "not closed by '}'")]
    [InlineData("a = [1, 2", 1, 5, "not closed by ']'")]
    [InlineData("a = 127.0.0.1:8090", 1, 14, "in quotes")]
    [InlineData("a = \"\\x\"", 1, 7, "'\\' cannot be followed by 'x'")]
    [InlineData("a = \"\\u12\"", 1, 8, "four hexadecimal digits")]
    [InlineData("a += 1", 1, 3, "'+=' is not supported")]
    [InlineData("a =\n", 2, 1, "expected a value, but found the end of the file")]
    [InlineData("} = 1", 1, 1, "expected a key, but found '}'")]
    [InlineData("a = ${b", 1, 5, "not closed by '}'")]
    [InlineData("{ a = 1 } b", 1, 11, "nothing may follow")]
    [InlineData("a..b = 1", 1, 3, "expected a key")]
    public void Wrong_text_is_refused_with_line_and_column(string text, int line, int column, string reason)
    {
        var error = Assert.Throws<HoconException>(() => Parse(text));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(new HoconPosition("test.conf", line, column), error.Position);
    }

    [Theory]
    [InlineData("a = ", "[", "]")]
    [InlineData("", "a {", "}")]
    public void Nesting_is_bounded(string before, string open, string close)
    {
        string Nested(int depth) =>
            before + string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth));
        Parse(Nested(HoconLimits.DepthMax));
        Assert.Throws<HoconException>(() => Parse(Nested(HoconLimits.DepthMax + 1)));
        Assert.Throws<HoconException>(() => Parse(Nested(200_000)));
    }

    [Fact]
    public void The_number_of_values_is_bounded() => Assert.Throws<HoconException>(
        () => Parse(string.Concat(Enumerable.Repeat("a = 1\n", HoconLimits.ValueCountMax + 1))));

    [Fact]
    public void A_file_includes_others_relative_to_itself_and_may_override_them()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("sub"));
        folder.Write("sub/inner.conf", "deep = 1\nkept = inner");
        folder.Write("sub/outer.conf", "include \"inner.conf\"\ndeep = 2");
        var main = folder.Write("main.conf", "x { include \"sub/outer.conf\"\n own = 3 }");
        var values = Flatten(new HoconIncludes().LoadFile(main), []);
        Assert.Equal("2", values["x.deep"].Text);
        Assert.Equal("inner", values["x.kept"].Text);
        Assert.Equal("3", values["x.own"].Text);
        Assert.Equal($"{folder.File("sub/inner.conf")}:2", values["x.kept"].Source);
    }

    [Fact]
    public void A_file_that_includes_itself_or_a_missing_one_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.conf", "include \"b.conf\"");
        var b = folder.Write("b.conf", "\ninclude \"a.conf\"");
        var circle = Assert.Throws<HoconException>(() => new HoconIncludes().LoadFile(b));
        Assert.Contains("includes itself", circle.Message, StringComparison.Ordinal);
        var missing = folder.Write("c.conf", "include \"nowhere.conf\"");
        var absent = Assert.Throws<HoconException>(() => new HoconIncludes().LoadFile(missing));
        Assert.Contains("nowhere.conf' does not exist", absent.Message, StringComparison.Ordinal);
        Assert.Equal(1, absent.Position.Line);
    }

    [Fact]
    public void A_file_that_is_too_large_or_not_text_is_refused()
    {
        using var folder = new TemporaryFolder();
        var large = folder.Write("large.conf", new string('#', HoconLimits.FileBytesMax + 1));
        Assert.Contains("larger than", Assert.Throws<HoconException>(
            () => new HoconIncludes().LoadFile(large)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(folder.File("binary.conf"), [0x61, 0xFF, 0xFE, 0x62]);
        Assert.Contains("not UTF-8", Assert.Throws<HoconException>(
            () => new HoconIncludes().LoadFile(folder.File("binary.conf"))).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<HoconException>(
            () => new HoconIncludes().LoadFile(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_read_or_refused_but_never_breaks_the_parser()
    {
        const string alphabet = "ab.={}[]:,\"\\$?# /\n\t+\u00e9u0\r";
        var random = new Random(20261121);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(40))
                .Select(_ => alphabet[random.Next(alphabet.Length)])]);
            try
            {
                Flatten(text, []);
            }
            catch (HoconException)
            {
                // Refused, with a place: the other allowed outcome.
            }
        }
    }

    private static HoconObject Parse(string text) => HoconParser.Parse(text.Replace("\r\n", "\n"), "test.conf", new());

    private static Dictionary<string, ConfigurationValue> Read(string text)
    {
        var problems = new List<ConfigurationProblem>();
        var values = Flatten(text, problems);
        Assert.Empty(problems);
        return values;
    }

    private static Dictionary<string, ConfigurationValue> Flatten(string text, List<ConfigurationProblem> problems) =>
        Flatten(Parse(text), problems);

    private static Dictionary<string, ConfigurationValue> Flatten(
        HoconObject tree, List<ConfigurationProblem> problems) =>
        ConfigurationLoader.Flatten(tree, name => name == "SET" ? "from the environment" : null, problems);
}
