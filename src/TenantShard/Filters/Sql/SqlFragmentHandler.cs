using System.Runtime.CompilerServices;
using System.Text;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>Lets fragments be written as interpolated strings whose holes are fragments, and nothing else.</summary>
[InterpolatedStringHandler]
internal readonly struct SqlFragmentHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + formattedCount * 24);
    private readonly List<ParameterSource> _parameters = [];

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(SqlFragment fragment)
    {
        _text.Append(fragment.Text);
        _parameters.AddRange(fragment.Parameters);
    }

    internal SqlFragment ToFragment() => new(_text.ToString(), _parameters);
}
