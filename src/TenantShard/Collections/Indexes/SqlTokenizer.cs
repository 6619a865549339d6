using System.Text;

namespace Platform.TenantShard.Collections.Indexes;

/// <summary>
/// Cuts SQL text into tokens as SQLite does (https://sqlite.org/lang_keywords.html), so that it can be checked to be
/// one statement of a known form. Comments are skipped.
/// </summary>
internal static class SqlTokenizer
{
    /// <summary>The tokens, or null when a quote, bracket or comment does not end.</summary>
    public static List<SqlToken>? Read(string sql)
    {
        var tokens = new List<SqlToken>();
        var position = 0;
        while (true)
        {
            if (!SkipBlanks(sql, ref position)) return null;
            if (position >= sql.Length) return tokens;
            var start = position;
            var first = sql[start];
            if (first is '`' or '"' or '\'' or '[')
            {
                if (ReadQuoted(sql, ref position) is not { } text) return null;
                var kind = first == '\'' ? SqlTokenKind.String : SqlTokenKind.QuotedName;
                tokens.Add(new SqlToken(kind, start, position, text));
            }
            else if (IsWordPart(first))
            {
                while (position < sql.Length && IsWordPart(sql[position])) position++;
                var kind = char.IsAsciiDigit(first) ? SqlTokenKind.Number : SqlTokenKind.Word;
                tokens.Add(new SqlToken(kind, start, position, sql[start..position]));
            }
            else
            {
                position++;
                tokens.Add(new SqlToken(SqlTokenKind.Symbol, start, position, sql[start..position]));
            }
        }
    }

    private static bool IsWordPart(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '_' or '$' || character > '\u007f';

    private static bool SkipBlanks(string sql, ref int position)
    {
        while (position < sql.Length)
        {
            if (char.IsWhiteSpace(sql[position]))
            {
                position++;
            }
            else if (StartsWith(sql, position, "--"))
            {
                var end = sql.IndexOf('\n', position);
                position = end < 0 ? sql.Length : end + 1;
            }
            else if (StartsWith(sql, position, "/*"))
            {
                var end = sql.IndexOf("*/", position + 2, StringComparison.Ordinal);
                if (end < 0) return false;
                position = end + 2;
            }
            else
            {
                return true;
            }
        }

        return true;
    }

    private static bool StartsWith(string sql, int position, string mark) =>
        string.CompareOrdinal(sql, position, mark, 0, mark.Length) == 0;

    // A doubled closing quote stands for the quote itself; brackets have no such form.
    private static string? ReadQuoted(string sql, ref int position)
    {
        var close = sql[position] == '[' ? ']' : sql[position];
        var text = new StringBuilder();
        for (position++; position < sql.Length; position++)
        {
            if (sql[position] == '\0') return null;
            if (sql[position] != close)
            {
                text.Append(sql[position]);
                continue;
            }

            if (close == ']' || position + 1 >= sql.Length || sql[position + 1] != close)
            {
                position++;
                return text.ToString();
            }

            text.Append(close);
            position++;
        }

        return null;
    }
}
