using System.Globalization;
using System.Text;
using Platform.TenantShard.Database;
using Platform.TenantShard.Filters.Syntax;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>The same value as a LIKE pattern with <c>\</c> as its escape character.</summary>
internal sealed record PatternParameter(ParameterSource Inner) : ParameterSource
{
    /// <summary>SQLite's own limit, SQLITE_MAX_LIKE_PATTERN_LENGTH.</summary>
    private const int LengthMax = 50_000;

    public override SqlValue Resolve(in BindContext context)
    {
        var value = Inner.Resolve(context);
        var text = value.Type switch
        {
            ColumnType.Text => value.Text,
            ColumnType.Integer => value.Integer.ToString(CultureInfo.InvariantCulture),
            ColumnType.Real => value.Real.ToString("0.#################", CultureInfo.InvariantCulture),
            _ => null,
        };
        if (text is null) return SqlValue.Null;
        var pattern = ToPattern(text);
        return Encoding.UTF8.GetByteCount(pattern) <= LengthMax
            ? SqlValue.From(pattern)
            : throw ExpressionError.InFilter($"a pattern of more than {LengthMax} bytes");
    }

    /// <summary>
    /// A text without a wildcard of its own means "contains": it is wrapped in <c>%</c>, and its special characters
    /// are escaped unless they are already.
    /// </summary>
    internal static string ToPattern(string text)
    {
        if (HasWildcard(text)) return text;
        var reversed = new StringBuilder(text.Length + 8).Append('%');
        for (var i = text.Length - 1; i >= 0; i--)
        {
            reversed.Append(text[i]);
            if (text[i] is not ('\\' or '%' or '_')) continue;
            reversed.Append('\\');
            if (i > 0 && text[i - 1] == '\\') i--;
        }

        reversed.Append('%');
        var pattern = reversed.ToString().ToCharArray();
        Array.Reverse(pattern);
        return new string(pattern);
    }

    private static bool HasWildcard(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '%') return true;
        }

        return false;
    }
}
