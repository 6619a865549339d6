namespace Platform.TenantShard.Collections.Indexes;

/// <summary>Reads the tokens of a CREATE INDEX statement; see <see cref="IndexDefinition"/>.</summary>
internal ref struct IndexParser(string sql, List<SqlToken> tokens)
{
    private int _next;

    public IndexDefinition? Parse()
    {
        if (!Take("CREATE")) return null;
        var isUnique = Take("UNIQUE");
        if (!Take("INDEX")) return null;
        if (Take("IF") && !(Take("NOT") && Take("EXISTS"))) return null;
        if (TakeName() is not { } name) return null;
        // A schema before the name: there is only one, so it is dropped.
        if (Take('.'))
        {
            if (TakeName() is not { } unqualified) return null;
            name = unqualified;
        }

        if (!Take("ON") || TakeTable() is not { } table || !Take('(')) return null;
        if (TakeColumns() is not { } columns) return null;
        var where = "";
        if (Take("WHERE"))
        {
            if (TakeRest() is not { } condition) return null;
            where = condition;
        }

        while (Take(';')) { }
        if (_next < tokens.Count) return null;
        return new IndexDefinition
        {
            Name = name,
            Table = table,
            IsUnique = isUnique,
            Columns = columns,
            Where = where,
        };
    }

    private bool Take(string keyword)
    {
        if (_next >= tokens.Count || !tokens[_next].Is(keyword)) return false;
        _next++;
        return true;
    }

    private bool Take(char symbol)
    {
        if (_next >= tokens.Count || !tokens[_next].Is(symbol)) return false;
        _next++;
        return true;
    }

    private string? TakeName() =>
        _next < tokens.Count && tokens[_next].IsName && tokens[_next].Text.Length > 0 ? tokens[_next++].Text : null;

    // Scaffolds of a collection without a name have an empty one in quotes; it is replaced before the index is made.
    private string? TakeTable() =>
        _next < tokens.Count && tokens[_next].IsName ? tokens[_next++].Text : null;

    // Up to and including the bracket that closes the list.
    private List<IndexColumn>? TakeColumns()
    {
        var columns = new List<IndexColumn>();
        var first = _next;
        for (var depth = 0; _next < tokens.Count; _next++)
        {
            var token = tokens[_next];
            if (token.Is(';')) return null;
            if (token.Is('(')) depth++;
            if (depth == 0 && (token.Is(',') || token.Is(')')))
            {
                if (Column(first, _next) is not { } column) return null;
                columns.Add(column);
                first = _next + 1;
            }

            if (!token.Is(')')) continue;
            if (depth == 0)
            {
                _next++;
                return columns;
            }

            depth--;
        }

        return null;
    }

    private readonly IndexColumn? Column(int first, int end)
    {
        var suffix = end;
        if (suffix - first > 1 && (tokens[suffix - 1].Is("ASC") || tokens[suffix - 1].Is("DESC"))) suffix--;
        if (suffix - first > 2 && tokens[suffix - 2].Is("COLLATE")) suffix -= 2;
        if (suffix <= first) return null;
        var isName = suffix - first == 1 && tokens[first].IsName;
        var expression = isName ? tokens[first].Text : Slice(first, suffix);
        return new IndexColumn(expression, isName, suffix < end ? Slice(suffix, end) : "");
    }

    // The condition: to the end, or to a closing semicolon; its brackets must balance.
    private string? TakeRest()
    {
        var first = _next;
        var depth = 0;
        for (; _next < tokens.Count && !tokens[_next].Is(';'); _next++)
        {
            if (tokens[_next].Is('(')) depth++;
            if (tokens[_next].Is(')') && --depth < 0) return null;
        }

        return depth == 0 && _next > first ? Slice(first, _next) : null;
    }

    private readonly string Slice(int first, int end) => sql[tokens[first].Start..tokens[end - 1].End];
}
