using System.Text.RegularExpressions;

namespace Platform.Tidy.Tests;

/// <summary>Size and order of files. An exception is a line with its reason in waivers.txt.</summary>
public sealed partial class FileTests
{
    /// <summary>Lines of a product file: what a reader can hold in mind.</summary>
    private const int ProductLinesMax = 300;

    /// <summary>Lines of a test file: tables are long.</summary>
    private const int TestLinesMax = 600;

    private const int ColumnsMax = 130;

    private static readonly string[] BannedNames =
        ["Util", "Utils", "Utilities", "Helper", "Helpers", "Manager", "Common", "Misc"];

    private static IEnumerable<string> AllFiles => Repository.SourceFiles("src").Concat(Repository.SourceFiles("tests"));

    [Fact]
    public void No_file_is_longer_than_a_reader_can_hold_in_mind()
    {
        var waivers = Waivers();
        var offenders = AllFiles
            .Where(file => !waivers.ContainsKey(file))
            .Select(file => (file, lines: Repository.Lines(file).Length))
            .Where(entry => entry.lines > (IsTest(entry.file) ? TestLinesMax : ProductLinesMax))
            .Select(entry => $"{entry.file}: {entry.lines} lines");
        Repository.AssertNone(offenders);
    }

    [Fact]
    public void Every_waiver_names_a_file_that_still_needs_it()
    {
        var stale = Waivers()
            .Where(waiver => !File.Exists(Path.Combine(Repository.Root, waiver.Key))
                || Repository.Lines(waiver.Key).Length <= (IsTest(waiver.Key) ? TestLinesMax : ProductLinesMax)
                || waiver.Value.Length < 10)
            .Select(waiver => waiver.Key);
        Repository.AssertNone(stale);
    }

    [Fact]
    public void No_line_is_wider_than_a_screen()
    {
        var offenders = AllFiles.SelectMany(file => Repository.Lines(file)
            .Select((line, index) => (line, index))
            // A long string in a test table reads better on one line.
            .Where(entry => entry.line.Length > ColumnsMax && !(IsTest(file) && entry.line.Contains('"')))
            .Select(entry => $"{file}:{entry.index + 1} has {entry.line.Length} columns"));
        Repository.AssertNone(offenders);
    }

    [Fact]
    public void A_file_is_named_after_its_type()
    {
        var offenders = Repository.SourceFiles("src").Where(file =>
        {
            var name = Path.GetFileNameWithoutExtension(file).Split('{', '.')[0];
            return name != "Program" && !Regex.IsMatch(
                Repository.Read(file), $@"\b(class|struct|record|interface|enum|delegate\s+\S+)\s+{name}\b");
        });
        Repository.AssertNone(offenders);
    }

    [Fact]
    public void Nothing_has_a_name_that_says_nothing()
    {
        var offenders = Repository.SourceFiles("src").Where(file => file.Split('/')
            .Any(part => BannedNames.Any(banned => Path.GetFileNameWithoutExtension(part) == banned
                || Path.GetFileNameWithoutExtension(part).EndsWith("Helper", StringComparison.Ordinal)
                || Path.GetFileNameWithoutExtension(part).EndsWith("Utils", StringComparison.Ordinal)
                || Path.GetFileNameWithoutExtension(part).EndsWith("Manager", StringComparison.Ordinal))));
        Repository.AssertNone(offenders);
    }

    [Fact]
    public void No_regions_no_unfinished_marks_and_no_sleeps()
    {
        var offenders = AllFiles
            .Where(file => !file.StartsWith("tests/Tidy/", StringComparison.Ordinal))
            .Where(file => Forbidden().IsMatch(Repository.Read(file)));
        Repository.AssertNone(offenders);
    }

    [Fact]
    public void Every_disabled_warning_gives_its_reason()
    {
        var offenders = AllFiles
            .Where(file => !file.StartsWith("tests/Tidy/", StringComparison.Ordinal))
            .SelectMany(file => Repository.Lines(file)
                .Where(line => line.Contains("#pragma warning disable", StringComparison.Ordinal) && !line.Contains("//"))
                .Select(line => $"{file}: {line.Trim()}"));
        Repository.AssertNone(offenders);
    }

    private static bool IsTest(string file) => file.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>Lines of <c>path: reason</c>.</summary>
    private static Dictionary<string, string> Waivers() =>
        Repository.Lines("tests/Tidy/waivers.txt")
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(':', 2))
            .ToDictionary(parts => parts[0].Trim(), parts => parts.Length > 1 ? parts[1].Trim() : "");

    [GeneratedRegex(@"#region|\bFIXME\b|\bTODO\b|Thread\.Sleep\(")]
    private static partial Regex Forbidden();
}
