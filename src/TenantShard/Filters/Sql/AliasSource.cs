using System.Globalization;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters.Syntax;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>
/// Names for joined tables, unique in one expression. A colon cannot be in a collection's name, so none is hidden.
/// </summary>
internal sealed class AliasSource(int joinsMax)
{
    private int _count;

    public static ApiException TooMany() => ExpressionError.InFilter("too many relations");

    public string Next()
    {
        if (++_count > joinsMax) throw TooMany();
        return string.Create(CultureInfo.InvariantCulture, $"j:{_count}");
    }
}
