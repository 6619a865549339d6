namespace Platform.TenantShard.Filters.Sql;

/// <summary>The joins of one expression, found again by the path that made them.</summary>
internal sealed class JoinScope(AliasSource aliases)
{
    private readonly Dictionary<string, (Join Join, string Alias)> _byPath = new(StringComparer.Ordinal);
    private readonly List<Join> _inOrder = [];

    /// <summary>All joins, parents before children.</summary>
    public IReadOnlyList<Join> Joins => _inOrder;

    /// <summary>
    /// The join of that path and its alias. <paramref name="clause"/> gets the alias for a new one.
    /// </summary>
    public (Join Join, string Alias) Get(string path, Join? parent, Func<string, SqlFragment> clause)
    {
        if (_byPath.TryGetValue(path, out var known)) return known;
        var alias = aliases.Next();
        var join = new Join(parent, clause(alias));
        _inOrder.Add(join);
        _byPath.Add(path, (join, alias));
        return (join, alias);
    }
}
