namespace Platform.Cluster.Configuration.Hocon;

/// <summary>
/// Reads HOCON into a tree. What is read: objects, dotted and quoted keys, <c>=</c> and <c>:</c>, comments, quoted,
/// triple-quoted and unquoted text, arrays, <c>include "file"</c>, <c>${path}</c> and <c>${?ENV}</c>.
/// What is not: <c>+=</c>, includes of URLs and the joining of arrays or objects side by side.
/// </summary>
internal sealed class HoconParser
{
    private readonly HoconScanner _scanner;
    private readonly HoconIncludes _includes;
    private readonly string _source;
    private int _depth;

    private HoconParser(string text, string source, HoconIncludes includes)
    {
        _scanner = new HoconScanner(text, source);
        _source = source;
        _includes = includes;
    }

    /// <exception cref="HoconException">The text breaks the grammar or a limit.</exception>
    public static HoconObject Parse(string text, string source, HoconIncludes includes) =>
        new HoconParser(text, source, includes).ParseRoot();

    private HoconObject ParseRoot()
    {
        var root = new HoconObject(_scanner.Position);
        _scanner.SkipLines();
        if (_scanner.TryTake('{'))
        {
            ParseFields(root, '}');
            _scanner.SkipLines();
            if (!_scanner.IsAtEnd)
                throw _scanner.Error($"nothing may follow the closing '}}', but {_scanner.Describe()} does");
        }
        else
        {
            ParseFields(root, '\0');
        }

        return root;
    }

    private void ParseFields(HoconObject target, char close)
    {
        var open = _scanner.Position;
        while (true)
        {
            _scanner.SkipLines();
            if (_scanner.IsAtEnd)
            {
                if (close == '\0') return;
                throw new HoconException(open, "a '{' is not closed by '}'");
            }

            if (close != '\0' && _scanner.TryTake(close)) return;
            ParseField(target);
            EndField(close);
        }
    }

    /// <summary>Fields and items are separated by a comma or a line end.</summary>
    private void EndField(char close)
    {
        var ended = _scanner.SkipLines();
        if (_scanner.TryTake(',') || ended || _scanner.Current == close) return;
        throw _scanner.Error(_scanner.Current is ':' or '='
            ? $"{_scanner.Describe()} is not allowed here; put a value that contains it in quotes"
            : $"expected a comma or a new line, but found {_scanner.Describe()}");
    }

    private void ParseField(HoconObject target)
    {
        var path = ParsePath();
        _scanner.SkipBlanks();
        if (path is ["include"] && _scanner.Current is '"')
        {
            target.Merge(_includes.Load(_scanner.TakeQuoted(), _source, _scanner.Position));
            return;
        }

        if (_scanner.StartsWith("+=")) throw _scanner.Error("'+=' is not supported; write the whole list");
        if (_scanner.Current != '{' && !_scanner.TryTake('=') && !_scanner.TryTake(':'))
            throw _scanner.Error(
                $"expected '=', ':' or '{{' after the key '{string.Join('.', path)}', but found {_scanner.Describe()}");
        target.Set(path, ParseValue());
    }

    private List<string> ParsePath()
    {
        var path = new List<string>();
        do
        {
            var name = _scanner.Current == '"' ? _scanner.TakeQuoted() : _scanner.TakeUnquoted(stopAtDot: true);
            if (name.Length == 0) throw _scanner.Error($"expected a key, but found {_scanner.Describe()}");
            path.Add(name);
        }
        while (_scanner.TryTake('.'));

        if (path.Count > HoconLimits.DepthMax) throw _scanner.Error($"a key has at most {HoconLimits.DepthMax} parts");
        return path;
    }

    private HoconNode ParseValue()
    {
        _scanner.SkipLines();
        _includes.CountValue(_scanner.Position);
        return _scanner.Current switch
        {
            '{' => Nested(ParseObject),
            '[' => Nested(ParseArray),
            _ => ParseText(),
        };
    }

    private HoconNode Nested(Func<HoconNode> parse)
    {
        if (++_depth > HoconLimits.DepthMax)
            throw _scanner.Error($"values are nested deeper than {HoconLimits.DepthMax} levels");
        var node = parse();
        _depth--;
        return node;
    }

    private HoconObject ParseObject()
    {
        var result = new HoconObject(_scanner.Position);
        _scanner.Advance();
        ParseFields(result, '}');
        return result;
    }

    private HoconArray ParseArray()
    {
        var open = _scanner.Position;
        var items = new List<HoconNode>();
        _scanner.Advance();
        while (true)
        {
            _scanner.SkipLines();
            if (_scanner.IsAtEnd) throw new HoconException(open, "a '[' is not closed by ']'");
            if (_scanner.TryTake(']')) return new HoconArray(open, items);
            items.Add(ParseValue());
            EndField(']');
        }
    }

    /// <summary>
    /// Text up to the end of the line or field: one piece, or several that are joined with the blanks between.
    /// </summary>
    private HoconNode ParseText()
    {
        var position = _scanner.Position;
        var parts = new List<HoconNode>();
        var isQuoted = false;
        var blanks = "";
        while (TakePart(ref isQuoted) is { } part)
        {
            if (blanks.Length > 0 && parts.Count > 0) parts.Add(new HoconText(position, blanks));
            parts.Add(part);
            blanks = _scanner.SkipBlanks();
        }

        if (parts.Count == 0) throw _scanner.Error($"expected a value, but found {_scanner.Describe()}");
        if (parts.Exists(part => part is HoconSubstitution))
            return parts.Count == 1 ? parts[0] : new HoconConcatenation(position, parts);
        var text = string.Concat(parts.Select(part => ((HoconText)part).Text));
        return text == "null" && !isQuoted ? new HoconNull(position) : new HoconText(position, text);
    }

    private HoconNode? TakePart(ref bool isQuoted)
    {
        var position = _scanner.Position;
        if (_scanner.StartsWith("${")) return ParseSubstitution();
        if (_scanner.Current == '"')
        {
            isQuoted = true;
            return new HoconText(position, _scanner.TakeQuoted());
        }

        var text = _scanner.TakeUnquoted(stopAtDot: false);
        return text.Length == 0 ? null : new HoconText(position, text);
    }

    private HoconSubstitution ParseSubstitution()
    {
        var position = _scanner.Position;
        _scanner.Advance(2);
        var isOptional = _scanner.TryTake('?');
        var path = string.Join('.', ParsePath());
        if (!_scanner.TryTake('}')) throw new HoconException(position, "a '${' is not closed by '}'");
        return new HoconSubstitution(position, path, isOptional);
    }
}
