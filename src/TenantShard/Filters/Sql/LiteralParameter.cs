using Platform.TenantShard.Database;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>A value of the expression's own text.</summary>
internal sealed record LiteralParameter(SqlValue Value) : ParameterSource
{
    public override SqlValue Resolve(in BindContext context) => Value;
}
