using System.Globalization;

namespace Platform.TenantShard.Filters.Syntax;

/// <summary>Splits a filter into tokens: one pass, no look-back, one allocation for each token with text.</summary>
internal ref struct FilterLexer(string text)
{
    private const NumberStyles NumberForm = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private int _at;

    /// <summary>The next token; skips blanks and comments, which run from <c>//</c> to the end of the line.</summary>
    public FilterToken Next()
    {
        SkipBlanks();
        if (_at >= text.Length) return new FilterToken(FilterTokenKind.End, "", text.Length);
        var first = text[_at];
        if (IsIdentifierStart(first)) return Identifier();
        if (char.IsAsciiDigit(first) || first == '-') return Number();
        return first switch
        {
            '\'' or '"' => Text(first),
            '(' => Single(FilterTokenKind.Open),
            ')' => Single(FilterTokenKind.Close),
            ',' => Single(FilterTokenKind.Comma),
            '&' or '|' => Junction(),
            '=' or '!' or '>' or '<' or '~' or '?' => Operator(),
            _ => throw ExpressionError.InFilter($"unexpected '{Printable(first)}'", _at),
        };
    }

    private static bool IsIdentifierStart(char c) => char.IsAsciiLetter(c) || c is '_' or '@' or '#';

    private static bool IsIdentifierPart(char c) => IsIdentifierStart(c) || char.IsAsciiDigit(c) || c is '.' or ':';

    private static string Printable(char c) => char.IsControl(c) || char.IsSurrogate(c) ? "?" : c.ToString();

    private void SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\n' or '\r')
            {
                _at++;
            }
            else if (text[_at] == '/' && _at + 1 < text.Length && text[_at + 1] == '/')
            {
                var end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end + 1;
            }
            else
            {
                return;
            }
        }
    }

    private FilterToken Single(FilterTokenKind kind)
    {
        var start = _at++;
        return new FilterToken(kind, text[start].ToString(), start);
    }

    private FilterToken Identifier()
    {
        var start = _at;
        while (_at < text.Length && IsIdentifierPart(text[_at])) _at++;
        var name = text[start.._at];
        if (_at < text.Length && text[_at] == '(')
        {
            _at++;
            return new FilterToken(FilterTokenKind.Function, name, start);
        }

        return new FilterToken(FilterTokenKind.Identifier, name, start);
    }

    private FilterToken Number()
    {
        var start = _at++;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.')) _at++;
        var number = text[start.._at];
        if (number[^1] is '.' or '-' || !TryNumber(number, out _))
            throw ExpressionError.InFilter($"invalid number {ExpressionError.Echo(number)}", start);
        return new FilterToken(FilterTokenKind.Number, number, start);
    }

    /// <summary>The value of a number token; false for what no finite 64-bit float can hold.</summary>
    public static bool TryNumber(string number, out double value) =>
        double.TryParse(number, NumberForm, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>
    /// A quoted text. A backslash escapes the quote that began it and nothing else: all others stay as they are.
    /// </summary>
    private FilterToken Text(char quote)
    {
        var start = _at++;
        var hasEscape = false;
        for (; _at < text.Length; _at++)
        {
            if (text[_at] != quote) continue;
            if (_at - 1 > start && text[_at - 1] == '\\')
            {
                hasEscape = true;
                continue;
            }

            var value = text[(start + 1).._at++];
            if (hasEscape) value = value.Replace("\\" + quote, quote.ToString(), StringComparison.Ordinal);
            return new FilterToken(FilterTokenKind.Text, value, start);
        }

        throw ExpressionError.InFilter("unterminated text", start);
    }

    private FilterToken Junction()
    {
        var start = _at;
        while (_at < text.Length && text[_at] is '&' or '|') _at++;
        return text.AsSpan(start, _at - start) switch
        {
            "&&" => new FilterToken(FilterTokenKind.And, "&&", start),
            "||" => new FilterToken(FilterTokenKind.Or, "||", start),
            _ => throw ExpressionError.InFilter("unknown operator " + ExpressionError.Echo(text[start.._at]), start),
        };
    }

    private FilterToken Operator()
    {
        var start = _at;
        while (_at < text.Length && text[_at] is '=' or '!' or '>' or '<' or '~' or '?') _at++;
        return new FilterToken(FilterTokenKind.Operator, text[start.._at], start);
    }
}
