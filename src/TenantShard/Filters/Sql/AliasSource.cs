using System.Globalization;
using Platform.TenantShard.Filters.Syntax;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>
/// Names for joined tables, unique in one expression. A colon cannot be in a collection's name, so none is hidden.
/// </summary>
internal sealed class AliasSource(int relationsMax)
{
    private int _count;

    public string Next()
    {
        // A match-all condition names each of its relations twice, and a multiple relation takes two tables.
        if (++_count > relationsMax * 4) throw ExpressionError.InFilter($"more than {relationsMax} relations");
        return string.Create(CultureInfo.InvariantCulture, $"j:{_count}");
    }
}
