using Platform.TenantShard.Collections.Indexes;

namespace Platform.TenantShard.Collections.Views;

/// <summary>The SELECT statement of a view, checked to be one statement that can stand in brackets.</summary>
internal sealed class ViewQuery
{
    private readonly List<SqlToken> _tokens;

    private ViewQuery(string text, List<SqlToken> tokens)
    {
        Text = text;
        _tokens = tokens;
    }

    /// <summary>The statement without a closing semicolon.</summary>
    public string Text { get; }

    /// <summary>The query, or null with the problem.</summary>
    public static ViewQuery? Parse(string text, out string problem)
    {
        var trimmed = Trim(text);
        problem = "";
        if (SqlTokenizer.Read(trimmed) is not { } tokens) problem = "a quote or comment does not end";
        else if (tokens.Count == 0) problem = "it is empty";
        else if (!tokens[0].Is("SELECT") && !tokens[0].Is("WITH")) problem = "it must be a SELECT statement";
        else if (tokens.Exists(token => token.Is(';'))) problem = "multiple statements are not supported";
        else if (tokens.Exists(token => token.Is('?') || token.Is('@') || token.Is(':')))
            problem = "parameters are not supported";
        else if (!IsBalanced(tokens)) problem = "brackets do not match";
        else return new ViewQuery(trimmed, tokens);
        return null;
    }

    public static string Trim(string text) => text.Trim().TrimEnd(';').TrimEnd();

    /// <summary>
    /// The expressions of the select list, each as its tokens; null when the statement starts with common table
    /// expressions, whose list is not at the start.
    /// </summary>
    public List<ReadOnlyMemory<SqlToken>>? SelectList()
    {
        if (!_tokens[0].Is("SELECT")) return null;
        var tokens = _tokens.ToArray();
        var items = new List<ReadOnlyMemory<SqlToken>>();
        var first = 1;
        if (first < tokens.Length && (tokens[first].Is("DISTINCT") || tokens[first].Is("ALL"))) first++;
        var depth = 0;
        var position = first;
        for (; position < tokens.Length; position++)
        {
            var token = tokens[position];
            if (token.Is('(')) depth++;
            if (token.Is(')')) depth--;
            if (depth > 0) continue;
            if (token.Is("FROM") || token.Is("UNION") || token.Is("EXCEPT") || token.Is("INTERSECT")) break;
            if (!token.Is(',')) continue;
            items.Add(tokens.AsMemory(first, position - first));
            first = position + 1;
        }

        items.Add(tokens.AsMemory(first, position - first));
        return items;
    }

    private static bool IsBalanced(List<SqlToken> tokens)
    {
        var depth = 0;
        foreach (var token in tokens)
        {
            if (token.Is('(')) depth++;
            if (token.Is(')') && --depth < 0) return false;
        }

        return depth == 0;
    }
}
