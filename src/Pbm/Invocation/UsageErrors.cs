using System.CommandLine;
using System.CommandLine.Parsing;
using Platform.Pbm.Admin;
using Platform.Pbm.Output;

namespace Platform.Pbm.Invocation;

/// <summary>Turns a command line that does not parse into a message with the words that would have worked.</summary>
internal static class UsageErrors
{
    public static PbmException From(ParseResult parsed)
    {
        var result = parsed.CommandResult;
        var path = Path(result);
        var unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        var verbs = result.Command.Subcommands.Select(command => command.Name).ToList();
        if (unknown is not null && unknown.StartsWith('-')) return UnknownOption(path, unknown, result);
        var isOptionWrong = parsed.Errors.Any(error => error.SymbolResult is OptionResult);
        if (verbs.Count > 0 && !isOptionWrong)
        {
            var word = result.Command is RootCommand ? "command" : "verb";
            return unknown is null
                ? Usage($"`{path}` needs a {word}.", Choices(path, verbs))
                : Usage($"`{path}` has no {word} '{Display.Clean(unknown)}'.{Guess(unknown, verbs)}",
                    Choices(path, verbs));
        }

        var errors = parsed.Errors.OrderBy(error => error.SymbolResult is not OptionResult)
            .Select(error => OneLine(error.Message)).Distinct().ToList();
        return new PbmException(
            ExitCode.Usage,
            unknown is null ? errors[0] : $"`{path}` does not know what to do with '{Display.Clean(unknown)}'.",
            [.. unknown is null ? errors.Skip(1) : [], $"`{path} --help` shows what it takes."]);
    }

    private static PbmException UnknownOption(string path, string unknown, CommandResult result)
    {
        // What follows '=' may be a secret that somebody meant for a real option.
        var name = unknown.Split('=')[0];
        var options = Options(result).ToList();
        return Usage($"`{path}` has no option '{Display.Clean(name)}'.{Guess(name, options)}", Choices(path, options));
    }

    private static PbmException Usage(string message, params string[] details) =>
        new(ExitCode.Usage, message, details);

    // The parser lists choices below each other.
    private static string OneLine(string message) =>
        string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Choices(string path, IEnumerable<string> words) =>
        $"There are: {string.Join(", ", words)}. See `{path} --help`.";

    private static string Guess(string word, IEnumerable<string> candidates) =>
        NearestWord.Find(word, candidates) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    private static string Path(CommandResult result) =>
        result.Command is RootCommand || result.Parent is not CommandResult parent
            ? "pbm"
            : $"{Path(parent)} {result.Command.Name}";

    private static IEnumerable<string> Options(CommandResult result)
    {
        foreach (var option in result.Command.Options) yield return option.Name;
        for (var parent = result.Parent as CommandResult; parent is not null; parent = parent.Parent as CommandResult)
            foreach (var option in parent.Command.Options.Where(option => option.Recursive)) yield return option.Name;
    }
}
