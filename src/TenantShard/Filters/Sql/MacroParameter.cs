using Platform.TenantShard.Database;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>A time macro.</summary>
internal sealed record MacroParameter(string Name) : ParameterSource
{
    public override SqlValue Resolve(in BindContext context) => DateMacro.Resolve(Name, context.Now);
}
