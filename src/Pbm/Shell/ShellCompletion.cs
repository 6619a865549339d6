using Platform.Pbm.Invocation;

namespace Platform.Pbm.Shell;

/// <summary>The words that may stand at the cursor, from the same tree that parses the commands.</summary>
internal sealed class ShellCompletion(PbmSession session)
{
    private static readonly string[] ShellWords = ["help", "exit"];

    /// <summary>Continuations of the word that ends <paramref name="line"/>, sorted.</summary>
    public IReadOnlyList<string> Complete(string line)
    {
        var word = line[(line.LastIndexOf(' ') + 1)..];
        var parsed = CommandTree.Build(session, new GlobalOptions()).Parse(line, CommandTree.Parser);
        // Behind a word that nobody knows, nothing is right any more.
        var unfinished = word.Length > 0 && parsed.UnmatchedTokens is [.., var last] && last == word ? 1 : 0;
        if (parsed.UnmatchedTokens.Count > unfinished) return [];
        var words = parsed.GetCompletions(line.Length).Select(item => item.Label);
        if (line.TrimStart().Length == word.Length) words = words.Concat(ShellWords);
        return
        [
            .. words.Where(label => label.StartsWith(word, StringComparison.Ordinal))
                .Where(label => IsOption(label) == IsOption(word))
                .Where(label => !IsOption(label) || label.StartsWith("--", StringComparison.Ordinal))
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }

    // Options are offered only to who asks for them with a dash; nouns and verbs are what is looked for.
    private static bool IsOption(string label) => label.StartsWith('-') || label.StartsWith('/');
}
