using System.CommandLine;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Completion;

/// <summary>
/// <c>pbm completion bash</c>: a script with all words in it, so that completing starts no process.
/// </summary>
internal static class BashCompletion
{
    public static Command Command(RootCommand root, PbmSession session)
    {
        var command = new Command("bash", "Print the completion script for bash.");
        command.SetAction(_ =>
        {
            session.Terminal.Out.Write(Script(root));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The script for <paramref name="root"/>.</summary>
    public static string Script(RootCommand root)
    {
        var verbs = root.Subcommands.Select(noun => Case(noun.Name, Words(noun.Subcommands)));
        var options = root.Subcommands.SelectMany(noun => noun.Subcommands.Select(verb =>
            Case($"{noun.Name}/{verb.Name}", Names(verb.Options))));
        var values = root.Subcommands.SelectMany(noun => noun.Subcommands).SelectMany(verb => verb.Options)
            .Select(option => (option.Name, Values: Choices(option))).Where(option => option.Values.Length > 0)
            .Select(option => Case(option.Name, option.Values));
        return Template
            .Replace("@NOUNS", Words(root.Subcommands), StringComparison.Ordinal)
            .Replace("@GLOBALS", $"{Names(root.Options.Where(option => option.Recursive))}", StringComparison.Ordinal)
            .Replace("@TAKES_VALUE", string.Join('|', TakeValue(root)), StringComparison.Ordinal)
            .Replace("@VALUES", string.Join('\n', values.Distinct()), StringComparison.Ordinal)
            .Replace("@VERBS", string.Join('\n', verbs), StringComparison.Ordinal)
            .Replace("@OPTIONS", string.Join('\n', options), StringComparison.Ordinal);
    }

    private const string Template = """
        # bash completion of pbm; source it, or write it to ~/.local/share/bash-completion/completions/pbm
        _pbm() {
            local word noun="" verb="" options="" position
            local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
            COMPREPLY=()
            for ((position = 1; position < COMP_CWORD; position++)); do
                word="${COMP_WORDS[position]}"
                case "$word" in
                    @TAKES_VALUE) ((position++)) ;;
                    -*) ;;
                    *) if [[ -z $noun ]]; then noun="$word"; elif [[ -z $verb ]]; then verb="$word"; fi ;;
                esac
            done
            case "$previous" in
        @VALUES
                @TAKES_VALUE) return ;;
            esac
            if [[ $current == -* ]]; then
                case "$noun/$verb" in
        @OPTIONS
                esac
                COMPREPLY=($(compgen -W "$options @GLOBALS" -- "$current"))
            elif [[ -z $noun ]]; then
                COMPREPLY=($(compgen -W "@NOUNS" -- "$current"))
            elif [[ -z $verb ]]; then
                case "$noun" in
        @VERBS
                esac
                COMPREPLY=($(compgen -W "$options" -- "$current"))
            fi
        }
        complete -F _pbm pbm

        """;

    private static string Case(string pattern, string words) => pattern.StartsWith('-')
        ? $"        {pattern}) COMPREPLY=($(compgen -W \"{words}\" -- \"$current\")); return ;;"
        : $"            {pattern}) options=\"{words}\" ;;";

    private static string Words(IEnumerable<Command> commands) =>
        string.Join(' ', commands.Select(command => command.Name));

    private static string Names(IEnumerable<Option> options) =>
        string.Join(' ', options.Select(option => option.Name));

    private static string Choices(Option option) => option.ValueType == typeof(bool)
        ? ""
        : string.Join(' ', option.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty)
            .Select(choice => choice.Label));

    private static IEnumerable<string> TakeValue(RootCommand root) => root.Options
        .Where(option => option.Recursive)
        .Concat(root.Subcommands.SelectMany(noun => noun.Subcommands).SelectMany(verb => verb.Options))
        .Where(option => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0)
        .Select(option => option.Name).Distinct();
}
