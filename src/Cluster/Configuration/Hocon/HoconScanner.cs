using System.Globalization;
using System.Text;

namespace Platform.Cluster.Configuration.Hocon;

/// <summary>
/// Characters of one text with line and column, and the tokens that need no look ahead. The grammar is that of
/// https://github.com/lightbend/config/blob/main/HOCON.md.
/// </summary>
internal sealed class HoconScanner(string text, string source)
{
    /// <summary>Characters that cannot be in unquoted text (HOCON, "Unquoted strings").</summary>
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";

    private int _offset;
    private int _line = 1;
    private int _lineStart;

    public HoconPosition Position => new(source, _line, _offset - _lineStart + 1);

    public bool IsAtEnd => _offset >= text.Length;

    public char Current => IsAtEnd ? '\0' : text[_offset];

    public bool StartsWith(string expected) => string.CompareOrdinal(text, _offset, expected, 0, expected.Length) == 0;

    public void Advance(int count = 1)
    {
        for (var moved = 0; moved < count; moved++)
        {
            if (text[_offset++] != '\n') continue;
            _line++;
            _lineStart = _offset;
        }
    }

    public bool TryTake(char expected)
    {
        if (IsAtEnd || Current != expected) return false;
        Advance();
        return true;
    }

    public HoconException Error(string reason) => new(Position, reason);

    /// <summary>A character in words for a message.</summary>
    public string Describe() =>
        IsAtEnd ? "the end of the file" : Current == '\n' ? "the end of the line" : $"'{Current}'";

    /// <summary>Skips blanks, comments and line ends; true when a line ended or a comma was no part of it.</summary>
    public bool SkipLines()
    {
        var ended = false;
        while (!IsAtEnd)
        {
            SkipBlanks();
            if (IsAtEnd || Current != '\n') break;
            ended = true;
            Advance();
        }

        return ended || IsAtEnd;
    }

    /// <summary>Skips blanks and a comment, but no line end; returns the blanks before the comment.</summary>
    public string SkipBlanks()
    {
        var start = _offset;
        while (!IsAtEnd && IsBlank(Current)) Advance();
        var blanks = text[start.._offset];
        if (Current == '#' || StartsWith("//"))
            while (!IsAtEnd && Current != '\n') Advance();
        return blanks;
    }

    /// <summary>Unquoted text up to a reserved character, a comment, a line end, or also a dot.</summary>
    public string TakeUnquoted(bool stopAtDot)
    {
        var start = _offset;
        while (!IsAtEnd && !IsBlank(Current) && Current != '\n' && !Reserved.Contains(Current, StringComparison.Ordinal)
            && !StartsWith("//") && !(stopAtDot && Current == '.')) Advance();
        return text[start.._offset];
    }

    /// <summary>A string in one or three quotation marks; the scanner is at the first.</summary>
    public string TakeQuoted()
    {
        if (StartsWith("\"\"\"")) return TakeTripleQuoted();
        var start = Position;
        Advance();
        var result = new StringBuilder();
        while (true)
        {
            if (IsAtEnd || Current == '\n') throw new HoconException(start, "a string is not closed by '\"'");
            if (TryTake('"')) return result.ToString();
            result.Append(TryTake('\\') ? TakeEscape() : TakeCharacter());
        }
    }

    private static bool IsBlank(char character) =>
        character != '\n' && (char.IsWhiteSpace(character) || character == '\uFEFF');

    private string TakeTripleQuoted()
    {
        var end = text.IndexOf("\"\"\"", _offset + 3, StringComparison.Ordinal);
        if (end < 0) throw Error("a string is not closed by '\"\"\"'");

        // Quotation marks directly before the closing three belong to the string (HOCON, "Multi-line strings").
        while (end + 3 < text.Length && text[end + 3] == '"') end++;
        var content = text[(_offset + 3)..end];
        Advance(end + 3 - _offset);
        return content;
    }

    private char TakeCharacter()
    {
        var character = Current;
        Advance();
        return character;
    }

    private char TakeEscape()
    {
        var kind = Current;
        if (kind == 'u') return TakeUnicodeEscape();
        var character = kind switch
        {
            '"' or '\\' or '/' => kind,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => throw Error($"'\\' cannot be followed by {Describe()} in a string"),
        };
        Advance();
        return character;
    }

    private char TakeUnicodeEscape()
    {
        Advance();
        if (_offset + 4 > text.Length || !ushort.TryParse(
            text.AsSpan(_offset, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            throw Error("'\\u' needs four hexadecimal digits");
        Advance(4);
        return (char)code;
    }
}
